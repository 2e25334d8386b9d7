// SPDX-FileCopyrightText: 2026 The turbodicom developers
// SPDX-License-Identifier: MIT
// Asks DCMTK's DicomImage (Debian's libdcmtk) what it makes of a file: the peer of td.DicomImage(mode="dcmtk").
//
// Commands are read from standard input, one a line: a word and numbers. Each writes one or more records to standard
// output: a line "name dtype dimensions..." and the raw bytes behind it, read by dcmtk_display.py.
// `open flags start count path` comes first. Commands that make another image (scale, clip, flip, rotate, mono, copy)
// put it on a stack; `back` drops it. `time` is the benchmark: open, window, output of every frame. Begin at main().

#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmimage/diregist.h"
#include "dcmtk/dcmimgle/dcmimage.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpls/djdecode.h"

namespace {

using Numbers = std::vector<double>;
using Shape = std::vector<unsigned long>;

std::vector<std::unique_ptr<DicomImage>> images;  // the last one is asked

DicomImage& image() { return *images.back(); }

void write(const std::string& name, const std::string& dtype, const Shape& shape, const void* data) {
  unsigned long bytes = static_cast<unsigned long>(dtype.back() - '0');
  std::cout << name << ' ' << dtype;
  for (unsigned long n : shape) {
    std::cout << ' ' << n;
    bytes *= n;
  }
  std::cout << '\n';
  if (bytes > 0) std::cout.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
}

void write_numbers(const std::string& name, const Numbers& values) {
  write(name, "f8", {values.size()}, values.data());
}

void write_text(const std::string& name, const char* text) {
  const std::string value = text != nullptr ? text : "";
  write(name, "u1", {value.size()}, value.data());
}

template <class Enum>
Enum as(double value) {
  return static_cast<Enum>(static_cast<int>(value));
}

unsigned long size(double value) { return static_cast<unsigned long>(value); }

// Descriptor and entries of a LUT written as numbers: first bits values... The image keeps pointers into it.
struct Table {
  DcmUnsignedShort descriptor{DCM_LUTDescriptor};
  DcmUnsignedShort data{DCM_LUTData};
  explicit Table(const Numbers& n) {
    const std::vector<Uint16> entries(n.begin() + 2, n.end());
    const Uint16 triple[3] = {static_cast<Uint16>(entries.size()), static_cast<Uint16>(static_cast<int>(n[0])),
                              static_cast<Uint16>(n[1])};
    descriptor.putUint16Array(triple, 3);
    data.putUint16Array(entries.data(), entries.size());
  }
};

const Table& kept(const Numbers& n) {
  static std::vector<std::unique_ptr<Table>> tables;
  return *tables.emplace_back(std::make_unique<Table>(n));
}

void push(DicomImage* made) {
  if (made != nullptr) images.emplace_back(made);
  write_numbers("made", {made != nullptr ? 1.0 : 0.0});
}

void write_info() {
  DicomImage& i = image();
  double center = 0, width = 0;
  const int has_window = i.getWindow(center, width);
  write_numbers("info", {double(i.getStatus()), double(i.getFrameCount()), double(i.getFirstFrame()),
                         double(i.getNumberOfFrames()), double(i.getRepresentativeFrame()), double(i.getWidth()),
                         double(i.getHeight()), double(i.getDepth()), double(i.isMonochrome()),
                         double(i.getPhotometricInterpretation()), i.getWidthHeightRatio(), i.getHeightWidthRatio(),
                         double(i.getWindowCount()), double(i.getVoiLutCount()), double(i.getOverlayCount()),
                         double(i.getOverlayCount(1)), double(i.getVoiLutFunction()),
                         double(i.getPresentationLutShape()), double(i.getPolarity()), double(has_window), center,
                         width, i.getFrameTime(), double(i.getOutputDataSize())});
}

void write_texts() {
  OFString text;
  for (unsigned long n = 0; n < image().getWindowCount(); ++n)
    write_text("window_explanation", image().getVoiWindowExplanation(n, text));
  for (unsigned long n = 0; n < image().getVoiLutCount(); ++n)
    write_text("voi_lut_explanation", image().getVoiLutExplanation(n, text));
  write_text("voi_transformation_explanation", image().getVoiTransformationExplanation());
  write_text("modality_lut_explanation", image().getModalityLutExplanation());
  write_text("presentation_lut_explanation", image().getPresentationLutExplanation());
}

void write_inter_data() {
  const DiPixel* pixel = image().getInterData();
  if (pixel == nullptr || pixel->getData() == nullptr) return write_numbers("inter", {});
  static const char* const kDtypes[] = {"u1", "i1", "u2", "i2", "u4", "i4"};
  const int representation = pixel->getRepresentation();
  write_numbers("inter", {double(representation), double(pixel->getPlanes()), double(pixel->getInputCount())});
  if (pixel->getPlanes() == 1) return write("inter_data", kDtypes[representation], {pixel->getCount()}, pixel->getData());
  const auto* planes = static_cast<const void* const*>(pixel->getData());
  for (int plane = 0; plane < pixel->getPlanes(); ++plane)
    write("inter_data", kDtypes[representation], {pixel->getCount()}, planes[plane]);
}

void write_range(const Numbers& n) {
  double low = 0, high = 0;
  const int done = image().getMinMaxValues(low, high, static_cast<int>(n[0]));
  write_numbers("range", {double(done), low, high});
}

void write_output(const Numbers& n) {
  const int bits = static_cast<int>(n[0]);
  const void* data = image().getOutputData(bits, size(n[1]), static_cast<int>(n[2]));
  const unsigned long bytes = data != nullptr ? image().getOutputDataSize(bits) : 0;
  write("output", "u1", {bytes}, data);  // what it holds follows from `info` and `bits`
}

void write_overlay(const Numbers& n) {
  const auto plane = static_cast<unsigned int>(n[0]);
  DicomImage& i = image();
  write_numbers("overlay", {double(i.getOverlayGroupNumber(plane)), double(i.getOverlayMode(plane)),
                            double(i.isOverlayVisible(plane))});
  write_text("overlay_label", i.getOverlayLabel(plane));
  write_text("overlay_description", i.getOverlayDescription(plane));
}

// plane frame bits foreground background
void write_overlay_data(const Numbers& n) {
  unsigned int left = 0, top = 0, width = 0, height = 0;
  EM_Overlay mode = EMO_Default;
  const char* const item = n[2] > 8 ? "u2" : "u1";
  const auto shape = [&](const void* samples) -> Shape {
    if (samples == nullptr) return {0};
    if (n[2] > 1) return {height, width};
    return {(1UL * width * height + 7) / 8};  // one bit: packed, lines not padded
  };
  const void* data = image().getOverlayData(static_cast<unsigned int>(n[0]), left, top, width, height, mode, size(n[1]),
                                            static_cast<int>(n[2]), as<Uint16>(n[3]), as<Uint16>(n[4]));
  if (data == nullptr) left = top = width = height = 0, mode = EMO_Default;  // nothing of it lies in the image
  write_numbers("overlay_place", {double(left), double(top), double(width), double(height), double(mode)});
  write("overlay_data", item, shape(data), data);
  image().deleteOverlayData();
  data = image().getFullOverlayData(static_cast<unsigned int>(n[0]), width, height, size(n[1]), static_cast<int>(n[2]),
                                    as<Uint16>(n[3]), as<Uint16>(n[4]));
  write("full_overlay_data", item, shape(data), data);
  image().deleteOverlayData();
}

void write_overlay_bits(const Numbers& n) {
  Uint8* data = nullptr;
  unsigned int width = 0, height = 0;
  unsigned long frames = 0;
  const unsigned long bytes =
      image().create6xxx3000OverlayData(data, static_cast<unsigned int>(n[0]), width, height, frames);
  write_numbers("overlay_size", {double(width), double(height), double(frames)});
  write("overlay_bits", "u1", {bytes}, data);
  delete[] data;
}

// frame bits upside_down padding
void write_bitmap(const Numbers& n) {
  void* data = nullptr;
  const unsigned long bytes = image().createWindowsDIB(data, 0, size(n[0]), static_cast<int>(n[1]),
                                                       static_cast<int>(n[2]), static_cast<int>(n[3]));
  write("bitmap", "u1", {bytes}, data);
  delete[] static_cast<Uint8*>(data);
}

// flags start count path
void open(std::istringstream& line) {
  unsigned long flags = 0, start = 0, count = 0;
  std::string path;
  line >> flags >> start >> count >> std::ws;
  std::getline(line, path);
  images.clear();
  images.push_back(std::make_unique<DicomImage>(path.c_str(), flags, start, count));
  write_numbers("status", {double(image().getStatus())});
}

// rounds bits center width path: seconds of each round, and the sum of all bytes so that nothing is left out.
void time_rounds(std::istringstream& line) {
  unsigned long rounds = 0;
  int bits = 8;
  double center = 0, width = 0;
  std::string path;
  line >> rounds >> bits >> center >> width >> std::ws;
  std::getline(line, path);
  Numbers seconds;
  for (; rounds > 0; --rounds) {
    const auto begin = std::chrono::steady_clock::now();
    DicomImage opened(path.c_str());
    opened.setWindow(center, width);
    std::vector<char> frame(opened.getOutputDataSize(bits));
    for (unsigned long n = 0; n < opened.getFrameCount(); ++n)
      opened.getOutputData(frame.data(), frame.size(), bits, n);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  write_numbers("seconds", seconds);
}

// Setters answer 1 changed, 2 unchanged, 0 error.
const std::map<std::string, std::function<int(const Numbers&)>> kSetters = {
    {"no_voi", [](const Numbers&) { return image().setNoVoiTransformation(); }},
    {"minmax", [](const Numbers& n) { return image().setMinMaxWindow(int(n[0])); }},
    {"histogram", [](const Numbers& n) { return image().setHistogramWindow(n[0]); }},
    {"roi", [](const Numbers& n) { return image().setRoiWindow(size(n[0]), size(n[1]), size(n[2]), size(n[3]), size(n[4])); }},
    {"window_index", [](const Numbers& n) { return image().setWindow(size(n[0])); }},
    {"window", [](const Numbers& n) { return image().setWindow(n[0], n[1]); }},
    {"function", [](const Numbers& n) { return image().setVoiLutFunction(as<EF_VoiLutFunction>(n[0])); }},
    {"voi_lut", [](const Numbers& n) { return image().setVoiLut(size(n[0]), as<EL_BitsPerTableEntry>(n[1])); }},
    {"voi_table", [](const Numbers& n) { const Table& t = kept(n); return image().setVoiLut(t.data, t.descriptor); }},
    {"presentation_table", [](const Numbers& n) { const Table& t = kept(n); return image().setPresentationLut(t.data, t.descriptor); }},
    {"inverse_presentation_table", [](const Numbers& n) { const Table& t = kept(n); return image().setInversePresentationLut(t.data, t.descriptor); }},
    {"shape", [](const Numbers& n) { return image().setPresentationLutShape(as<ES_PresentationLut>(n[0])); }},
    {"polarity", [](const Numbers& n) { return image().setPolarity(as<EP_Polarity>(n[0])); }},
    {"hardcopy", [](const Numbers& n) { return image().setHardcopyParameters(unsigned(n[0]), unsigned(n[1]), unsigned(n[2]), unsigned(n[3])); }},
    {"show_overlay", [](const Numbers& n) { return image().showOverlay(unsigned(n[0]), as<EM_Overlay>(n[1]), n[2], n[3]); }},
    {"show_all", [](const Numbers&) { return image().showAllOverlays(); }},
    {"show_all_as", [](const Numbers& n) { return image().showAllOverlays(as<EM_Overlay>(n[0]), n[1], n[2]); }},
    {"hide_overlay", [](const Numbers& n) { return image().hideOverlay(unsigned(n[0])); }},
    {"hide_all", [](const Numbers&) { return image().hideAllOverlays(); }},
    {"place_overlay", [](const Numbers& n) { return image().placeOverlay(unsigned(n[0]), int(n[1]), int(n[2])); }},
    {"flip_this", [](const Numbers& n) { return image().flipImage(int(n[0]), int(n[1])); }},
    {"rotate_this", [](const Numbers& n) { return image().rotateImage(int(n[0])); }},
    {"height_width_ratio", [](const Numbers& n) { return image().setHeightWidthRatio(n[0]); }},
    {"next_frames", [](const Numbers& n) { return image().processNextFrames(size(n[0])); }},
};

const std::map<std::string, std::function<void(const Numbers&)>> kQuestions = {
    {"info", [](const Numbers&) { write_info(); }},
    {"texts", [](const Numbers&) { write_texts(); }},
    {"inter_data", [](const Numbers&) { write_inter_data(); }},
    {"range", write_range},
    {"output", write_output},
    {"overlay", write_overlay},
    {"overlay_data", write_overlay_data},
    {"overlay_bits", write_overlay_bits},
    {"bitmap", write_bitmap},
    {"scale_size", [](const Numbers& n) { push(image().createScaledImage(size(n[0]), size(n[1]), int(n[2]), int(n[3]))); }},
    {"scale_factor", [](const Numbers& n) { push(image().createScaledImage(n[0], n[1], int(n[2]), int(n[3]))); }},
    {"scale_clip", [](const Numbers& n) { push(image().createScaledImage(long(n[0]), long(n[1]), size(n[2]), size(n[3]), size(n[4]), size(n[5]), int(n[6]), int(n[7]), as<Uint16>(n[8]))); }},
    {"clip", [](const Numbers& n) { push(image().createClippedImage(long(n[0]), long(n[1]), size(n[2]), size(n[3]), as<Uint16>(n[4]))); }},
    {"flip", [](const Numbers& n) { push(image().createFlippedImage(int(n[0]), int(n[1]))); }},
    {"rotate", [](const Numbers& n) { push(image().createRotatedImage(int(n[0]))); }},
    {"mono", [](const Numbers& n) { push(image().createMonochromeImage(n[0], n[1], n[2])); }},
    {"copy", [](const Numbers& n) { push(image().createDicomImage(size(n[0]), size(n[1]))); }},
    {"mono_output", [](const Numbers& n) { push(image().createMonoOutputImage(size(n[0]), int(n[1]))); }},
    {"back", [](const Numbers&) { if (images.size() > 1) images.pop_back(); }},
};

void run(const std::string& text) {
  std::istringstream line(text);
  std::string word;
  line >> word;
  if (word == "open") return open(line);
  if (word == "time") return time_rounds(line);
  Numbers numbers;
  for (double n; line >> n;) numbers.push_back(n);
  if (const auto setter = kSetters.find(word); setter != kSetters.end())
    return write_numbers("done", {double(setter->second(numbers))});
  kQuestions.at(word)(numbers);
}

}  // namespace

int main() {
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  DcmRLEDecoderRegistration::registerCodecs();
  DJDecoderRegistration::registerCodecs();
  DJLSDecoderRegistration::registerCodecs();
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << "> " << line << '\n';
    run(line);
    std::cout.flush();  // what was answered is kept when the peer crashes over the next command
  }
}
