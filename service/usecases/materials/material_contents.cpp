#include "service/usecases/materials/material_contents.h"

#include <algorithm>

#include "files/blob_store.h"
#include "service/usecases/operations.h"
#include "service/usecases/unavailable.h"
#include "sql/file_crc_store.h"
#include "sql/stored_file_store.h"

namespace narada::usecases {
namespace {

using domain::ContentDigest;
using domain::MaterialVersion;

// For which an address of the store holds: long enough for a slow start, too short to be passed on.
constexpr std::chrono::seconds kUrlLife{300};
constexpr std::string_view kPicture = "image/jpeg";  // what the inspection draws

storage::FilePictures load_pictures(const Environment& environment, const ContentDigest& digest) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_file_pictures(connection, digest);
  });
}

void choose(MaterialContent& content, ContentForm form, const storage::FilePictures& pictures) {
  content.digest = pictures.served.hex.empty() ? content.version.digest : pictures.served;
  content.media_type = content.version.facts.media_type;
  if (form == ContentForm::whole) return;
  const bool is_large = form == ContentForm::picture;
  const auto& drawn = is_large ? pictures.gallery : pictures.thumbnail;
  if (is_large && drawn.hex.empty()) return;  // small enough as it is
  content.digest = drawn;
  content.media_type = kPicture;
}

}  // namespace

domain::Outcome<MaterialContent> find_material_content(const Environment& environment,
                                                       const Actor& actor, domain::MaterialId id,
                                                       int number, ContentForm form) {
  auto readable = find_readable_material(environment, actor, id);
  if (!readable || readable->reading != domain::MaterialReading::open) return domain::NotFound{};
  const auto& versions = readable->material.versions;
  const auto found =
      std::find_if(versions.begin(), versions.end(),
                   [&](const MaterialVersion& version) { return version.number == number; });
  if (found == versions.end() || found->state != domain::FileState::ready ||
      found->digest.hex.empty())
    return domain::NotFound{};
  MaterialContent content;
  content.version = *found;
  content.material = std::move(readable->material);
  if (form == ContentForm::picture && !content.version.facts.media_type.starts_with("image/"))
    return domain::NotFound{};
  choose(content, form, load_pictures(environment, content.version.digest));
  if (content.digest.hex.empty()) return domain::NotFound{};
  return content;
}

ContentDigest find_served_content(const Environment& environment, const ContentDigest& digest) {
  auto served = load_pictures(environment, digest).served;
  return served.hex.empty() ? digest : served;
}

std::optional<std::string> find_download_url(const Environment& environment,
                                             const ContentDigest& digest,
                                             const std::string& media_type,
                                             const std::string& disposition) {
  if (environment.blobs == nullptr) return std::nullopt;
  return environment.blobs->download_url(digest, {media_type, disposition}, kUrlLife);
}

std::optional<std::uint64_t> find_content_size(const Environment& environment,
                                               const ContentDigest& digest) {
  const auto sums = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_file_sums(connection, {digest});
  });
  const auto found = sums.find(digest);
  if (found == sums.end()) return std::nullopt;
  return found->second.size;
}

bool is_store_distant(const Environment& environment) {
  return environment.blobs != nullptr && environment.blobs->is_distant();
}

std::optional<OpenContent> OpenContents::find(const ContentDigest& digest) {
  const std::lock_guard lock(mutex_);
  const auto kept = kept_.find(digest);
  if (kept == kept_.end()) return std::nullopt;
  if (auto descriptor = kept->second.descriptor.lock())
    return OpenContent{std::move(descriptor), kept->second.size};
  kept_.erase(kept);
  return std::nullopt;
}

void OpenContents::keep(const ContentDigest& digest, const OpenContent& content) {
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [](const auto& kept) { return kept.second.descriptor.expired(); });
  kept_.insert_or_assign(digest, Kept{content.descriptor, content.size});
}

std::optional<OpenContent> OpenContents::open(const Environment& environment,
                                              const ContentDigest& digest) {
  if (auto content = find(digest)) return content;
  if (environment.blobs == nullptr) return std::nullopt;
  try {
    auto opened = environment.blobs->open(digest);
    if (!opened) return std::nullopt;
    const OpenContent content{std::move(opened->descriptor), opened->size};
    keep(digest, content);
    return content;
  } catch (const files::BlobStoreError& error) {
    throw Unavailable(error.what());
  }
}

std::optional<OpenContentPart> OpenContents::open_part(const Environment& environment,
                                                       const ContentDigest& digest,
                                                       std::uint64_t offset, std::uint64_t length) {
  if (auto content = find(digest)) return OpenContentPart{std::move(content->descriptor), offset};
  if (environment.blobs == nullptr) return std::nullopt;
  try {
    auto part = environment.blobs->open_part(digest, offset, length);
    if (!part) return std::nullopt;
    return OpenContentPart{std::move(part->descriptor), part->begin};
  } catch (const files::BlobStoreError& error) {
    throw Unavailable(error.what());
  }
}

}  // namespace narada::usecases
