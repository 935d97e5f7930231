#include "service/usecases/experts/expert_photo.h"

#include <filesystem>
#include <fstream>

#include "files/digest.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/unavailable.h"
#include "sql/expert_member_store.h"
#include "sql/expert_profile_store.h"

namespace narada::usecases {
namespace {

using domain::ExpertId;
using domain::FieldErrors;
using domain::Outcome;

// By the first octets; empty for what is no photo. The inspection looks closer, this tells at once
// who took a wrong file.
std::string photo_name(std::string_view content) {
  if (content.starts_with("\xFF\xD8\xFF")) return "photo.jpg";
  if (content.starts_with("\x89PNG\r\n\x1A\n")) return "photo.png";
  if (content.starts_with("RIFF") && content.substr(0, 12).ends_with("WEBP")) return "photo.webp";
  return {};
}

// A file in the staging directory that vanishes unless the store has taken it.
class StagedFile {
 public:
  StagedFile(const std::filesystem::path& directory, std::string_view content)
      : path_(directory / ("photo-" + make_token())) {
    std::ofstream file(path_, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file) throw files::NoSpace("the staging directory takes no photo");
  }
  ~StagedFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  StagedFile(const StagedFile&) = delete;
  StagedFile& operator=(const StagedFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

domain::ContentDigest digest_of_text(std::string_view content) {
  files::DigestBuilder builder;
  builder.add(content);
  return builder.finish();
}

FieldErrors check_photo(std::string_view content, bool has_consent) {
  FieldErrors errors;
  if (content.empty())
    errors.push_back({"photo", "required"});
  else if (content.size() > kMostPhotoOctets)
    errors.push_back({"photo", "photo_too_large"});
  else if (photo_name(content).empty())
    errors.push_back({"photo", "not_a_photo"});
  if (!has_consent) errors.push_back({"photo_consent", "photo_consent_required"});
  return errors;
}

bool acts_for(const Environment& environment, const Actor& actor, ExpertId expert) {
  return actor.person && !actor.read_only &&
         read_database(environment, [&](storage::Connection& connection) {
           return storage::is_expert_member(connection, expert, *actor.person);
         });
}

}  // namespace

std::optional<ExpertPhotoState> find_expert_photo(const Environment& environment, ExpertId expert) {
  const auto photo = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_expert_photo(connection, expert);
  });
  if (!photo) return std::nullopt;
  return ExpertPhotoState{
      photo->state, photo->refusal,
      photo->state == domain::FileState::ready && !photo->thumbnail.hex.empty()};
}

Outcome<ExpertId> save_expert_photo(const Environment& environment, const Call& call,
                                    ExpertId expert, std::string_view content, bool has_consent) {
  if (!acts_for(environment, call.actor, expert) || !environment.blobs) return domain::NotFound{};
  if (auto errors = check_photo(content, has_consent); !errors.empty()) return errors;
  const auto digest = digest_of_text(content);
  try {
    const StagedFile staged(environment.uploads, content);
    environment.blobs->put(digest, staged.path());
  } catch (const files::NoSpace&) {
    return domain::Conflict{"no_space"};
  }
  const auto saved = run_once_for_id<ExpertId>(
      environment, call, "save_expert_photo",
      [&](storage::Connection& connection) -> Outcome<ExpertId> {
        if (!storage::lock_expert_profile(connection, expert) ||
            !storage::is_expert_member(connection, expert, *call.actor.person))
          return domain::NotFound{};
        storage::save_expert_photo(connection,
                                   {expert, digest, static_cast<std::int64_t>(content.size()),
                                    photo_name(content), *call.actor.person},
                                   environment.clock->now());
        record_activity(connection, environment, call, "expert.photo_changed", "expert",
                        expert.value);
        return expert;
      });
  if (saved) note_catalogue_write(environment);
  return saved;
}

Outcome<ExpertId> delete_expert_photo(const Environment& environment, const Call& call,
                                      ExpertId expert) {
  if (!acts_for(environment, call.actor, expert) && !can(call.actor, Action::edit_catalogue, {}))
    return domain::NotFound{};
  const auto deleted =
      run_once_for_id<ExpertId>(environment, call, "delete_expert_photo",
                                [&](storage::Connection& connection) -> Outcome<ExpertId> {
                                  if (!storage::delete_expert_photo(connection, expert))
                                    return domain::NotFound{};
                                  record_activity(connection, environment, call,
                                                  "expert.photo_removed", "expert", expert.value);
                                  return expert;
                                });
  if (deleted) note_catalogue_write(environment);
  return deleted;
}

Outcome<domain::ContentDigest> find_shown_photo(const Environment& environment,
                                                std::string_view slug) {
  const auto photo = read_database(environment, [&](storage::Connection& connection) {
    const auto profile = storage::find_expert_profile(connection, slug);
    return profile ? storage::find_expert_photo(connection, profile->expert.id) : std::nullopt;
  });
  if (!photo || photo->state != domain::FileState::ready || photo->thumbnail.hex.empty())
    return domain::NotFound{};
  return photo->thumbnail;
}

}  // namespace narada::usecases
