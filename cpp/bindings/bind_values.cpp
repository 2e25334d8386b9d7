// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
//
// pixel::ValueTransform, tables and statistics for python/turbodicom/_transform.py and _dicom_image.py. Which stages
// there are is decided there; here words become numbers, arrays become views, and the GIL is released.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "arrays.h"
#include "bindings.h"
#include "turbodicom/pixel/array_transform.h"
#include "turbodicom/pixel/statistics.h"
#include "turbodicom/pixel/table_lookup.h"

namespace py = pybind11;

namespace turbodicom::bindings {
namespace {

constexpr std::int64_t kFar = std::int64_t{1} << 33;  // beyond every 32-bit value

using pixel::ValueStages;
using pixel::ValueTable;
using pixel::ValueTransform;

ValueTable table_of(double first, const py::array& entries, double divisor) {
  if (entries.ndim() != 1 || (entries.dtype().kind() != 'u' && entries.dtype().kind() != 'i'))
    throw py::value_error("the entries of a table must be a 1-D array of integers");
  const auto numbers = py::array_t<double, py::array::c_style | py::array::forcecast>(entries);
  ValueTable table{first, {numbers.data(), numbers.data() + numbers.size()}};
  if (divisor > 0)
    for (double& value : table.values) value = std::min(value, divisor) / divisor;
  return table;
}

double largest(int bits) {
  if (bits < 1 || bits > 32) throw py::value_error("the entries of a table must have 1 to 32 bits, not " + std::to_string(bits));
  return static_cast<double>((std::uint64_t{1} << bits) - 1);
}

std::string word_of(const py::tuple& stage) { return stage.empty() ? std::string() : stage[0].cast<std::string>(); }

void set_modality(ValueStages& stages, const py::tuple& stage) {
  const std::string word = word_of(stage);
  if (word == "linear" && stage.size() == 3) stages.rescale = pixel::Rescale{stage[1].cast<double>(), stage[2].cast<double>()};
  else if (word == "table" && stage.size() == 3) stages.modality_table = table_of(stage[1].cast<double>(), stage[2].cast<py::array>(), 0);
  else throw py::value_error("modality must be (\"linear\", slope, intercept) or (\"table\", first, entries)");
}

void set_voi(ValueStages& stages, const py::tuple& stage) {
  const std::string word = word_of(stage);
  if (word == "table" && stage.size() == 4) {
    stages.voi_table = table_of(stage[1].cast<double>(), stage[2].cast<py::array>(), largest(stage[3].cast<int>()));
    return;
  }
  if (stage.size() != 3) throw py::value_error("voi must be a word and two numbers, or (\"table\", first, entries, bits)");
  const auto a = stage[1].cast<double>(), b = stage[2].cast<double>();
  if (word == "linear") stages.ramp = pixel::linear_ramp(a, b);
  else if (word == "linear_exact") stages.ramp = pixel::linear_exact_ramp(a, b);
  else if (word == "sigmoid") stages.sigmoid = pixel::sigmoid_of(a, b);
  else if (word == "range") stages.ramp = pixel::range_ramp(a, b);
  else throw py::value_error("voi must be linear, linear_exact, sigmoid, range or table, not " + word);
}

struct IntegerLimits {
  py::int_ low, high;
};

IntegerLimits limits_of(SampleType type) {
  const std::uint64_t all = ~std::uint64_t{0} >> (64 - 8 * bytes_of(type));
  const bool is_signed = type == SampleType::i8 || type == SampleType::i16 || type == SampleType::i32 || type == SampleType::i64;
  if (!is_signed) return {py::int_(0), py::int_(all)};
  const auto high = static_cast<std::int64_t>(all >> 1);
  return {py::int_(-high - 1), py::int_(high)};
}

std::int64_t bits_of(const py::object& number) {
  return number < py::int_(0) ? number.cast<std::int64_t>() : static_cast<std::int64_t>(number.cast<std::uint64_t>());
}

// None, or (first, last); nothing where no value of the type is in it.
std::optional<pixel::Padding> padding_of(const py::object& range, SampleType type, double fill) {
  if (range.is_none()) return std::nullopt;
  const auto [first, last] = range.cast<std::tuple<py::object, py::object>>();
  if (is_float(type)) return pixel::Padding{0, 0, first.cast<double>(), last.cast<double>(), fill};
  const auto index = py::module_::import("operator").attr("index");
  const py::object low = index(first), high = index(last);
  const IntegerLimits limits = limits_of(type);
  if (high < low || high < limits.low || low > limits.high) return std::nullopt;
  return pixel::Padding{bits_of(low < limits.low ? limits.low : low), bits_of(high > limits.high ? limits.high : high), 0, 0, fill};
}

SampleType input_type(const py::dtype& dtype) {
  const SampleType type = sample_type(dtype);
  if (type == SampleType::f16) throw py::type_error("stored values are not float16");
  return type;
}

SampleType output_type(const py::dtype& dtype) {
  const SampleType type = sample_type(dtype);
  if (type == SampleType::u64 || type == SampleType::i64)
    throw py::type_error("values are made as integers of up to 32 bits or as floats, not as " + std::string(py::str(dtype)));
  return type;
}

std::shared_ptr<ValueTransform> make_transform(const py::object& dtype_in, const py::object& low, const py::object& high,
                                               const py::object& dtype_out, const std::optional<py::tuple>& modality,
                                               const std::optional<py::tuple>& voi,
                                               const std::optional<std::tuple<py::array, int>>& presentation, bool inverse,
                                               const std::optional<std::tuple<double, double>>& output, const py::object& padding,
                                               double fill) {
  ValueStages stages;
  stages.input = input_type(py::dtype::from_args(dtype_in));
  stages.output = output_type(py::dtype::from_args(dtype_out));
  if (!is_float(stages.input) && high < low) throw py::value_error("low must not be above high");
  if (modality) set_modality(stages, *modality);
  if (voi) set_voi(stages, *voi);
  if (presentation) stages.presentation = table_of(0, std::get<0>(*presentation), largest(std::get<1>(*presentation)));
  stages.is_inverse = inverse;
  if (output) stages.range = pixel::OutputRange{std::get<0>(*output), std::get<1>(*output)};
  stages.padding = padding_of(padding, stages.input, fill);
  return std::make_shared<ValueTransform>(std::move(stages));
}

py::object apply(const ValueTransform& transform, const py::array& array, py::array out, const std::optional<py::array>& mask,
                 std::size_t workers) {
  if (!array.dtype().equal(numpy_type(transform.input())))
    throw py::value_error("array must have dtype " + std::string(py::str(numpy_type(transform.input()))) + ", not " +
                          std::string(py::str(array.dtype())));
  const ArrayOf from(array), to(out);
  check_target("out", out, from, numpy_type(transform.output()));
  std::optional<ArrayOf> padded;
  if (mask) {
    check_target("mask", *mask, from, py::dtype::of<bool>());
    padded.emplace(*mask);
  }
  std::optional<std::size_t> misfit;
  const pixel::WorkOptions options = work_options(workers);
  {
    const GilRelease release;
    misfit = pixel::transform_array(transform, from.shape, from.strided, to.strided, padded ? padded->strided : pixel::StridedArray{}, options);
  }
  return misfit ? py::object(py::int_(*misfit)) : py::object(py::none());
}

void apply_table(const py::array& array, std::int64_t first, const py::array& table, py::array out, std::size_t workers) {
  const SampleType type = sample_type(array.dtype());
  if (is_float(type) || bytes_of(type) > 4) throw py::type_error("array must hold integers of up to 4 bytes");
  if (first < -kFar || first > kFar) throw py::value_error("first must be within 33 bits");
  if (table.ndim() != 1 || table.size() == 0 || (table.flags() & py::array::c_style) == 0)
    throw py::value_error("table must be a contiguous 1-D array with at least one entry");
  sample_type(table.dtype());
  const ArrayOf from(array), to(out);
  check_target("out", out, from, table.dtype());
  const pixel::EntryTable entries{static_cast<const std::uint8_t*>(table.data()), static_cast<std::size_t>(table.size()),
                                  static_cast<std::size_t>(table.itemsize()), first};
  const pixel::WorkOptions options = work_options(workers);
  const GilRelease release;
  pixel::look_up_array(from.shape, from.strided, type, to.strided, entries, options);
}

py::object value_range(const py::array& array, const py::object& padding, std::size_t workers) {
  const SampleType type = input_type(array.dtype());
  const ArrayOf from(array);
  const auto padded = padding_of(padding, type, 0);
  const pixel::WorkOptions options = work_options(workers);
  std::optional<pixel::ValueRange> range;
  {
    const GilRelease release;
    range = pixel::value_range(from.shape, from.strided, type, padded, options);
  }
  if (!range) return py::none();
  if (is_float(type)) return py::make_tuple(range->float_low, range->float_high);
  if (type == SampleType::u64) return py::make_tuple(static_cast<std::uint64_t>(range->low), static_cast<std::uint64_t>(range->high));
  return py::make_tuple(range->low, range->high);
}

py::array histogram(const py::array& array, std::int64_t low, std::int64_t high, const py::object& padding, std::size_t workers) {
  const SampleType type = input_type(array.dtype());
  if (is_float(type) || bytes_of(type) > 4) throw py::type_error("array must hold integers of up to 4 bytes");
  constexpr std::int64_t kMost = std::int64_t{1} << 26;  // our limit: 512 MiB of counts
  if (low < -kFar || high > kFar || high < low || high - low >= kMost)
    throw py::value_error("a histogram needs a range of 1 to 2^26 integers of up to 32 bits");
  const ArrayOf from(array);
  const auto padded = padding_of(padding, type, 0);
  py::array_t<std::uint64_t> counts(static_cast<py::ssize_t>(high - low + 1));
  const std::span<std::uint64_t> bins(counts.mutable_data(), static_cast<std::size_t>(counts.size()));
  std::fill(bins.begin(), bins.end(), 0);
  const pixel::WorkOptions options = work_options(workers);
  {
    const GilRelease release;
    pixel::count_values(from.shape, from.strided, type, low, padded, bins, options);
  }
  return std::move(counts);
}

}  // namespace

void bind_values(py::module_& m) {
  py::class_<ValueTransform, std::shared_ptr<ValueTransform>>(m, "ValueTransform")
      .def(py::init(&make_transform), py::arg("dtype_in"), py::arg("low"), py::arg("high"), py::arg("dtype_out"), py::kw_only(),
           py::arg("modality") = py::none(), py::arg("voi") = py::none(), py::arg("presentation") = py::none(),
           py::arg("inverse") = false, py::arg("output") = py::none(), py::arg("padding") = py::none(), py::arg("fill") = 0.0)
      .def("apply", apply, py::arg("array"), py::arg("out"), py::arg("mask") = py::none(), py::arg("workers") = 1)
      .def_property_readonly("dtype_in", [](const ValueTransform& t) { return numpy_type(t.input()); })
      .def_property_readonly("dtype_out", [](const ValueTransform& t) { return numpy_type(t.output()); });
  m.def("apply_table", apply_table, py::arg("array"), py::arg("first"), py::arg("table"), py::arg("out"), py::arg("workers") = 1);
  m.def("value_range", value_range, py::arg("array"), py::arg("padding") = py::none(), py::arg("workers") = 1);
  m.def("histogram", histogram, py::arg("array"), py::arg("low"), py::arg("high"), py::arg("padding") = py::none(), py::arg("workers") = 1);
}

}  // namespace turbodicom::bindings
