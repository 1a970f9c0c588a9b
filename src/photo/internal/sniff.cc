#include "photo/internal/sniff.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ajar::photo {
namespace {

using std::literals::operator""sv;

struct Signature {
  size_t offset;
  std::string_view bytes;
  Kind kind;
};

constexpr Signature kSignatures[] = {
    {0, "\xff\xd8\xff"sv, Kind::kJpeg},
    {0, "\x89PNG\r\n\x1a\n"sv, Kind::kPng},
    {0, "II*\0"sv, Kind::kTiff},
    {0, "MM\0*"sv, Kind::kTiff},
    {0, "II+\0"sv, Kind::kTiff},  // BigTIFF
    {0, "MM\0+"sv, Kind::kTiff},
    {0, "\x1a\x45\xdf\xa3"sv, Kind::kVideo},  // Matroska, WebM
    {0, "FLV\x01"sv, Kind::kVideo},
    {0, "OggS"sv, Kind::kVideo},
    {0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, Kind::kVideo},  // ASF, WMV
    {0, "\x06\x0e\x2b\x34\x02\x05\x01\x01"sv, Kind::kVideo},  // MXF
    {0, "\0\0\x01\xba"sv, Kind::kVideo},                      // MPEG program stream
    {0, "\0\0\x01\xb3"sv, Kind::kVideo},                      // MPEG-1 and MPEG-2 video
    // QuickTime files from before the 'ftyp' box.
    {4, "moov"sv, Kind::kVideo},
    {4, "mdat"sv, Kind::kVideo},
    {4, "wide"sv, Kind::kVideo},
};

bool Has(std::span<const uint8_t> head, size_t offset, std::string_view bytes) {
  return head.size() >= offset + bytes.size() &&
         std::equal(bytes.begin(), bytes.end(), head.begin() + static_cast<ptrdiff_t>(offset),
                    [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; });
}

// ISO base media: the brands of the 'ftyp' box tell still pictures from films.
Kind SniffBaseMedia(std::span<const uint8_t> head) {
  constexpr std::array kStillBrands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "mif1"sv,
                                       "mif2"sv, "miaf"sv, "avif"sv, "msf1"sv};
  for (const std::string_view brand : kStillBrands) {
    if (Has(head, 8, brand)) return Kind::kHeif;
  }
  return Kind::kVideo;
}

bool IsTransportStream(std::span<const uint8_t> head) {
  // Packets of 188 bytes, each after a time stamp of 4 bytes in the .m2ts flavour.
  for (const auto& [first, step] : {std::pair<size_t, size_t>{0, 188}, {4, 192}}) {
    if (head.size() > first + 2 * step && head[first] == 0x47 && head[first + step] == 0x47 &&
        head[first + 2 * step] == 0x47) {
      return true;
    }
  }
  return false;
}

}  // namespace

Kind Sniff(std::span<const uint8_t> head) {
  for (const Signature& signature : kSignatures) {
    if (Has(head, signature.offset, signature.bytes)) return signature.kind;
  }
  if (Has(head, 4, "ftyp")) return SniffBaseMedia(head);
  if (Has(head, 0, "RIFF") && Has(head, 8, "WEBP")) return Kind::kWebp;
  if (Has(head, 0, "RIFF") && Has(head, 8, "AVI ")) return Kind::kVideo;
  if (IsTransportStream(head)) return Kind::kVideo;
  return Kind::kUnknown;
}

}  // namespace ajar::photo
