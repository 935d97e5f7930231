#pragma once

#include <optional>
#include <string_view>

#include "files/blob_store.h"
#include "service/domain/file_facts.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// The picture on an expert's page. It is shown once it has been inspected; what visitors get is the
// small one that the inspection made of it, never the file as it came.

inline constexpr std::size_t kMostPhotoOctets = 10 << 20;

struct ExpertPhotoState {
  domain::FileState state = domain::FileState::waiting;
  std::optional<domain::FileRefusal> refusal;
  bool is_shown = false;  // there is a small one
};
// Absent: none. Of anybody who may see the page of the expert.
std::optional<ExpertPhotoState> find_expert_photo(const Environment&, domain::ExpertId);

// For those who act for the expert; else NotFound. FieldErrors in "photo": required, too_large,
// not_a_photo (JPEG, PNG or WebP by its first octets); "photo_consent": required. Conflict
// "no_space".
domain::Outcome<domain::ExpertId> save_expert_photo(const Environment&, const Call&,
                                                    domain::ExpertId, std::string_view content,
                                                    bool has_consent);
domain::Outcome<domain::ExpertId> delete_expert_photo(const Environment&, const Call&,
                                                      domain::ExpertId);

// The content of the small picture, for everybody. NotFound where there is none.
domain::Outcome<domain::ContentDigest> find_shown_photo(const Environment&, std::string_view slug);

}  // namespace narada::usecases
