# The data dictionary is generated at build time from pydicom's (cmake/generate_dictionary.py).
find_package(Python REQUIRED COMPONENTS Interpreter)
set(TURBODICOM_DICTIONARY_SOURCE ${CMAKE_BINARY_DIR}/generated/dictionary_table.cpp)
add_custom_command(
  OUTPUT ${TURBODICOM_DICTIONARY_SOURCE}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
  COMMAND ${Python_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/generate_dictionary.py ${TURBODICOM_DICTIONARY_SOURCE}
  DEPENDS ${PROJECT_SOURCE_DIR}/cmake/generate_dictionary.py
  COMMENT "Generating the data dictionary from pydicom's"
  VERBATIM)
