// HEIC and its relatives by libheif, which turns and crops as the file says: what Exif says of
// the orientation is then history.
#include <libheif/heif.h>

#include <cstring>
#include <memory>

#include "photo/internal/decode.h"

namespace ajar::photo {
namespace {

using Context = std::unique_ptr<heif_context, void (*)(heif_context*)>;
using Handle = std::unique_ptr<const heif_image_handle, void (*)(const heif_image_handle*)>;
using Image = std::unique_ptr<const heif_image, void (*)(const heif_image*)>;
using Options = std::unique_ptr<heif_decoding_options, void (*)(heif_decoding_options*)>;
using Nclx = std::unique_ptr<heif_color_profile_nclx, void (*)(heif_color_profile_nclx*)>;

bool Failed(const heif_error& error) { return error.code != heif_error_Ok; }

Exif ExifOf(const heif_image_handle* handle) {
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1) return {};
  const size_t count = heif_image_handle_get_metadata_size(handle, id);
  constexpr size_t kMost = 64 << 20;
  if (count < 4 || count > kMost) return {};
  std::vector<uint8_t> bytes(count);
  if (Failed(heif_image_handle_get_metadata(handle, id, bytes.data()))) return {};
  // Four bytes say how many more to skip before the TIFF header (ISO/IEC 23008-12, A.2.1).
  const size_t skip =
      size_t{bytes[0]} << 24 | size_t{bytes[1]} << 16 | size_t{bytes[2]} << 8 | size_t{bytes[3]};
  if (skip > count - 4) return {};
  return ParseExif(std::span(bytes).subspan(4 + skip));
}

// Numbers as in ITU-T H.273.
ColourTag ColourOf(const heif_image_handle* handle) {
  ColourTag tag;
  const size_t icc_bytes = heif_image_handle_get_raw_color_profile_size(handle);
  constexpr size_t kMost = 64 << 20;
  if (icc_bytes > 0 && icc_bytes < kMost) {
    tag.icc.resize(icc_bytes);
    if (!Failed(heif_image_handle_get_raw_color_profile(handle, tag.icc.data()))) return tag;
    tag.icc.clear();
  }
  heif_color_profile_nclx* raw = nullptr;
  if (Failed(heif_image_handle_get_nclx_color_profile(handle, &raw)) || !raw) return tag;
  const Nclx nclx(raw, heif_nclx_color_profile_free);
  switch (nclx->color_primaries) {
    case heif_color_primaries_SMPTE_EG_432_1:
      tag.primaries = kDisplayP3Primaries;
      break;
    case heif_color_primaries_ITU_R_BT_2020_2_and_2100_0:
      tag.primaries = kBt2020Primaries;
      break;
    default:
      break;
  }
  switch (nclx->transfer_characteristics) {
    case heif_transfer_characteristic_ITU_R_BT_2100_0_PQ:
      tag.transfer = ColourTag::Transfer::kPq;
      break;
    case heif_transfer_characteristic_ITU_R_BT_2100_0_HLG:
      tag.transfer = ColourTag::Transfer::kHlg;
      break;
    case heif_transfer_characteristic_linear:
      tag.transfer = ColourTag::Transfer::kGamma;
      tag.gamma = 1;
      break;
    default:
      break;  // BT.709 and its kin are shown as sRGB everywhere
  }
  return tag;
}

}  // namespace

Stored DecodeHeif(std::span<const uint8_t> file, const DecodeRequest& request) {
  const Context context(heif_context_alloc(), heif_context_free);
  heif_context_set_max_decoding_threads(context.get(), 0);
  if (Failed(heif_context_read_from_memory_without_copy(context.get(), file.data(), file.size(),
                                                        nullptr))) {
    FailUnreadable();
  }
  heif_image_handle* raw_handle = nullptr;
  if (Failed(heif_context_get_primary_image_handle(context.get(), &raw_handle))) FailUnreadable();
  const Handle handle(raw_handle, heif_image_handle_release);
  CheckSize(heif_image_handle_get_width(handle.get()), heif_image_handle_get_height(handle.get()),
            request);

  const Options options(heif_decoding_options_alloc(), heif_decoding_options_free);
  options->convert_hdr_to_8bit = 1;
  options->strict_decoding = 1;
  const bool alpha = heif_image_handle_has_alpha_channel(handle.get());
  heif_image* raw_image = nullptr;
  if (Failed(heif_decode_image(handle.get(), &raw_image, heif_colorspace_RGB,
                               alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
                               options.get()))) {
    FailDamaged();
  }
  const Image image(raw_image, heif_image_release);

  Stored stored;
  stored.upright = true;
  stored.width = heif_image_get_width(image.get(), heif_channel_interleaved);
  stored.height = heif_image_get_height(image.get(), heif_channel_interleaved);
  CheckSize(stored.width, stored.height, request);
  stored.extent_x = stored.width;
  stored.extent_y = stored.height;
  stored.exif = ExifOf(handle.get());
  stored.colour = ColourOf(handle.get());

  int stride = 0;
  const uint8_t* rows =
      heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
  const int channels = alpha ? 4 : 3;
  if (!rows || stride < stored.width * channels) FailUnreadable();
  stored.pixels = Image8(stored.width, stored.height, channels);
  for (int y = 0; y < stored.height; ++y) {
    std::memcpy(stored.pixels.pixel(0, y), rows + static_cast<size_t>(y) * stride,
                static_cast<size_t>(stored.width) * channels);
  }
  if (alpha) stored.pixels = OverWhite(stored.pixels);
  return stored;
}

}  // namespace ajar::photo
