# Warnings, hardening and sanitizers, as one interface library that every target links.
add_library(turbodicom_options INTERFACE)

target_compile_options(turbodicom_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
# Two roundings stay two on every machine (pixel/value_stages.h): no fused multiply-add unless a kernel writes it.
target_compile_options(turbodicom_options INTERFACE -ffp-contract=off)
if(TURBODICOM_WERROR)
  target_compile_options(turbodicom_options INTERFACE -Werror)
endif()

if(TURBODICOM_SANITIZE)
  target_compile_options(turbodicom_options INTERFACE
    -fsanitize=${TURBODICOM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(turbodicom_options INTERFACE -fsanitize=${TURBODICOM_SANITIZE})
else()
  # Hardening (OpenSSF compiler options guide). _FORTIFY_SOURCE needs optimisation.
  target_compile_options(turbodicom_options INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3> -fstack-protector-strong)
  target_compile_definitions(turbodicom_options INTERFACE _GLIBCXX_ASSERTIONS)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT APPLE)
    target_compile_options(turbodicom_options INTERFACE -fcf-protection)
  endif()
  if(NOT APPLE)
    target_link_options(turbodicom_options INTERFACE -Wl,-z,relro,-z,now)
  endif()
endif()

if(TURBODICOM_PLANT)
  target_compile_definitions(turbodicom_options INTERFACE TURBODICOM_PLANT_${TURBODICOM_PLANT})
endif()
