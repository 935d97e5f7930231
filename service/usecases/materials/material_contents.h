#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/content_digest.h"
#include "service/domain/material.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/materials/readable_materials.h"

namespace narada::usecases {

// What of a version a reader gets.
enum class ContentForm {
  whole,      // the file; of a photo without what the camera wrote into it
  thumbnail,  // of its first page or of the picture
  picture,    // of a photo, as large as a window
};

struct MaterialContent {
  domain::Material material;
  domain::MaterialVersion version;
  domain::ContentDigest digest;  // of what is sent
  std::string media_type;        // by inspection
};
// Of a version that the reader may open and that has been inspected; else NotFound, as if it were
// not there.
domain::Outcome<MaterialContent> find_material_content(const Environment&, const Actor&,
                                                       domain::MaterialId, int number, ContentForm);
// What readers get instead of the content: the same digest where there is nothing else.
domain::ContentDigest find_served_content(const Environment&, const domain::ContentDigest&);

// An address of the store from which a browser gets the content; absent: it is sent from here.
std::optional<std::string> find_download_url(const Environment&, const domain::ContentDigest&,
                                             const std::string& media_type,
                                             const std::string& disposition);

struct OpenContent {
  std::shared_ptr<int> descriptor;  // read-only
  std::uint64_t size = 0;           // octets
};

// A part of a content, in what is open from `begin` on.
struct OpenContentPart {
  std::shared_ptr<int> descriptor;
  std::uint64_t begin = 0;
};

// Octets, as the database has them; absent: it knows no such content.
std::optional<std::uint64_t> find_content_size(const Environment&, const domain::ContentDigest&);
// Whether a content is fetched from elsewhere when it is opened.
bool is_store_distant(const Environment&);

// Contents that are being sent: however many read one, it is open once, and fetched once from a
// distant store. Thread-safe.
class OpenContents {
 public:
  // Absent: the store does not have it. Throws Unavailable when it cannot be asked.
  std::optional<OpenContent> open(const Environment&, const domain::ContentDigest&);
  // `length` octets, at least one, from `offset` on: of what is open, else no more is fetched than
  // these.
  std::optional<OpenContentPart> open_part(const Environment&, const domain::ContentDigest&,
                                           std::uint64_t offset, std::uint64_t length);

 private:
  struct Kept {
    std::weak_ptr<int> descriptor;
    std::uint64_t size = 0;
  };
  std::optional<OpenContent> find(const domain::ContentDigest&);
  void keep(const domain::ContentDigest&, const OpenContent&);

  std::mutex mutex_;
  std::map<domain::ContentDigest, Kept> kept_;
};

}  // namespace narada::usecases
