#include "service/usecases/materials/material_mails.h"

#include <exception>
#include <map>
#include <set>

#include "notifications/message_id.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/mails/unsubscribing.h"
#include "service/usecases/materials/material_access.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_mails.h"
#include "sql/mail_choice_store.h"
#include "sql/material_mail_store.h"
#include "sql/outgoing_mail_store.h"
#include "sql/role_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

using domain::Material;
using domain::MaterialOwner;
using notifications::MailKind;

constexpr std::chrono::hours kGathered{1};
constexpr std::chrono::days kTooLate{30};  // a version that old is news no more
constexpr int kStep = 50;                  // owners, and readers, in one round
constexpr std::size_t kMostTitles = 30;    // in one mail

std::string page_url(const Environment& environment, domain::Language language,
                     const std::string& path) {
  return environment.base_url + (language == domain::Language::en ? "/en" : "") + path;
}

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "materials";
  return call;
}

// What participants may read now and have not been told of.
std::vector<Material> untold(storage::Connection& connection, const MaterialOwner& owner,
                             domain::Instant now) {
  domain::MaterialReader participant;
  participant.takes_part = true;
  std::vector<Material> found;
  for (Material& material : storage::list_materials(connection, owner)) {
    const bool is_readable =
        decide_reading(material, participant, now) == domain::MaterialReading::open;
    if (material.tells && !material.told && is_readable) found.push_back(std::move(material));
  }
  return found;
}

bool has_settled(const std::vector<Material>& materials, domain::Instant settled) {
  for (const Material& material : materials) {
    const auto since = std::max(material.updated_at, material.available_from.value_or(settled));
    if (since <= settled) return true;
  }
  return false;
}

// A title each; the link is the person's own where a title is for participants only.
notifications::AskFacts news_of(const std::vector<Material>& materials, const std::string& page,
                                const std::string& own_page) {
  notifications::AskFacts ask;
  ask.url = page;
  for (std::size_t index = 0; index < materials.size(); ++index) {
    const Material& material = materials[index];
    if (material.access == domain::MaterialAccess::participants) ask.url = own_page;
    if (index == kMostTitles) ask.text += "…\n";
    if (index < kMostTitles) ask.text += material.title + "\n";
  }
  return ask;
}

// Mails of one owner's news.
class NewsMails {
 public:
  NewsMails(storage::Connection& connection, const Environment& environment,
            const MaterialOwner& owner, const std::vector<Material>& materials)
      : connection_(connection),
        environment_(environment),
        name_(storage::load_owner_name(connection, owner)),
        is_cycle_(std::holds_alternative<domain::CycleId>(owner)),
        materials_(materials) {}

  int write(const std::vector<domain::RegistrationId>& people) {
    for (const auto& stored : storage::find_registrations(connection_, people)) add(stored);
    storage::save_manage_tokens(connection_, tokens_, environment_.clock->now());
    storage::save_outgoing_mails(connection_, mails_);
    return static_cast<int>(mails_.size());
  }

 private:
  const storage::SeatedMeeting* find_meeting(domain::MeetingId id) {
    auto found = meetings_.find(id);
    if (found == meetings_.end())
      found = meetings_.emplace(id, storage::find_seated_meeting(connection_, id)).first;
    return found->second ? &*found->second : nullptr;
  }

  void add(const storage::StoredRegistration& stored) {
    const auto& registration = stored.registration;
    const auto* seated = find_meeting(registration.meeting);
    if (!seated) return;
    const std::string token = make_token();
    MailCause cause;
    cause.kind = MailKind::materials_published;
    cause.tells_way_in = false;
    auto facts = make_mail_facts(environment_, *seated, stored, cause, token);
    const auto page =
        page_url(environment_, registration.person.language, name_.path + "/materialy");
    facts.ask = news_of(materials_, page, facts.manage_url);
    if (is_cycle_) facts.meeting_title = name_.title;
    if (is_cycle_) facts.cycle_title.clear();
    mails_.push_back(
        make_outgoing_mail(environment_, facts, cause, registration, environment_.clock->now()));
    tokens_.push_back({hash_token(token), registration.id});
  }

  storage::Connection& connection_;
  const Environment& environment_;
  storage::OwnerName name_;
  bool is_cycle_;
  const std::vector<Material>& materials_;
  std::map<domain::MeetingId, std::optional<storage::SeatedMeeting>> meetings_;
  std::vector<storage::NewMail> mails_;
  std::vector<storage::NewManageToken> tokens_;
};

int tell_owner(storage::Connection& connection, const Environment& environment,
               const MaterialOwner& owner) {
  const domain::Instant now = environment.clock->now();
  storage::lock_seats(connection, owner);
  const auto materials = untold(connection, owner, now);
  if (!has_settled(materials, now - kGathered)) return 0;
  const auto people = storage::list_participants_to_tell(connection, owner);
  const int mails = NewsMails(connection, environment, owner, materials).write(people);
  std::vector<domain::MaterialId> told;
  for (const Material& material : materials) told.push_back(material.id);
  storage::save_told(connection, told, now);
  const auto meeting = meeting_of(owner);
  record_activity(connection, environment, system_call(), "materials.told",
                  meeting ? "meeting" : "cycle",
                  std::visit([](auto id) { return id.value; }, owner), meeting,
                  R"({"mails":)" + std::to_string(mails) + "}");
  return mails;
}

notifications::MailFacts facts_to(const Environment& environment, MailKind kind,
                                  const storage::MaterialReaderAddress& reader) {
  notifications::MailFacts facts;
  facts.kind = kind;
  facts.language = reader.language;
  facts.to_name = reader.full_name;
  facts.to_address = reader.email;
  facts.tzid = domain::kDefaultZone;
  facts.unsubscribe_url = unsubscribe_url(environment, reader.person, kind, reader.language);
  facts.ask.emplace();
  return facts;
}

// About a thing, to somebody who need not be registered for it. Of what has no meeting the mail
// says no time.
notifications::MailFacts facts_about(storage::Connection& connection,
                                     const Environment& environment, MailKind kind,
                                     const MaterialOwner& owner,
                                     const storage::MaterialReaderAddress& reader) {
  const auto name = storage::load_owner_name(connection, owner);
  const auto seated =
      name.meeting ? storage::find_seated_meeting(connection, *name.meeting) : std::nullopt;
  if (!seated || !meeting_of(owner)) {
    auto facts = facts_to(environment, kind, reader);
    facts.cycle_title = std::holds_alternative<domain::CycleId>(owner) ? name.title : "";
    return facts;
  }
  auto facts = make_announcement(environment, seated->meeting,
                                 {reader.person, reader.full_name, reader.email, reader.language});
  facts.kind = kind;
  facts.manage_url.clear();
  facts.unsubscribe_url = unsubscribe_url(environment, reader.person, kind, reader.language);
  facts.ask.emplace();
  return facts;
}

void save_mail(storage::Connection& connection, const Environment& environment,
               const notifications::MailFacts& facts, domain::PersonId person,
               const std::optional<domain::MeetingId>& meeting) {
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(environment.base_url);
  mail.kind = to_string(facts.kind);
  mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
  mail.person = person;
  mail.meeting = meeting;
  mail.to_name = facts.to_name;
  mail.to_address = facts.to_address;
  mail.language = facts.language;
  mail.facts = notifications::serialize(facts);
  mail.created_at = environment.clock->now();
  mail.not_before = may_leave_at(environment, facts.kind, mail.created_at);
  mail.give_up_at = mail.not_before + std::chrono::hours(environment.mail_give_up_hours);
  storage::save_outgoing_mail(connection, mail);
}

// The notes of what came after what they have, the oldest first.
std::string notes_after(const Material& material, int taken) {
  std::string notes;
  for (auto version = material.versions.rbegin(); version != material.versions.rend(); ++version)
    if (version->number > taken && version->state == domain::FileState::ready)
      notes += version->note + "\n";
  return notes;
}

int tell_reader(storage::Connection& connection, const Environment& environment,
                const storage::OutdatedReader& outdated, domain::Instant settled) {
  if (!storage::lock_taken(connection, outdated, settled)) return 0;
  storage::save_reader_told(connection, outdated, environment.clock->now());
  const auto reader = storage::find_reader_address(connection, outdated.person);
  const bool wanted =
      storage::is_wanted(connection, outdated.person, choice_of(MailKind::material_replaced), true);
  if (!reader || !wanted) return 0;
  Actor actor;
  actor.kind = Actor::Kind::person;
  actor.id = outdated.person.value;
  actor.person = outdated.person;
  actor.grants = storage::list_grants(connection, outdated.person);
  const auto found = read_material(connection, environment, actor, outdated.material);
  if (!found || found->reading != domain::MaterialReading::open) return 0;
  const Material& material = found->material;
  auto facts =
      facts_about(connection, environment, MailKind::material_replaced, material.owner, *reader);
  facts.ask->about = material.title;
  facts.ask->text = notes_after(material, outdated.taken);
  facts.ask->url =
      page_url(environment, reader->language, "/materialy/" + std::to_string(material.id.value));
  save_mail(connection, environment, facts, outdated.person, meeting_of(material.owner));
  return 1;
}

// A mail for each name that a person has brought the content under.
int tell_bringers(storage::Connection& connection, const Environment& environment,
                  const std::vector<storage::BroughtFile>& files, domain::FileRefusal refusal) {
  std::set<std::pair<domain::PersonId, std::string>> told;
  int mails = 0;
  for (const auto& brought : files) {
    if (!told.emplace(brought.person, brought.file_name).second) continue;
    const auto reader = storage::find_reader_address(connection, brought.person);
    if (!reader) continue;
    auto facts =
        facts_about(connection, environment, MailKind::file_refused, brought.owner, *reader);
    facts.ask->about = brought.file_name;
    facts.ask->text = to_string(refusal);
    const std::string path =
        brought.material ? "/materialy/" + std::to_string(brought.material->value) : "/moje";
    facts.ask->url = page_url(environment, reader->language, path);
    save_mail(connection, environment, facts, brought.person, meeting_of(brought.owner));
    ++mails;
  }
  return mails;
}

int tell_photographed(storage::Connection& connection, const Environment& environment,
                      const std::vector<storage::BroughtPhoto>& photos,
                      domain::FileRefusal refusal) {
  int mails = 0;
  for (const auto& photo : photos) {
    const auto reader = storage::find_reader_address(connection, photo.person);
    if (!reader) continue;
    auto facts = facts_to(environment, MailKind::file_refused, *reader);
    const bool english = reader->language == domain::Language::en;
    facts.ask->about = (english ? "Photo: " : "Zdjęcie: ") + photo.expert;
    facts.ask->text = to_string(refusal);
    facts.ask->url =
        page_url(environment, reader->language, "/prowadzenie/profil?wpis=" + photo.slug);
    save_mail(connection, environment, facts, photo.person, std::nullopt);
    ++mails;
  }
  return mails;
}

// Each in a transaction of its own; what fails does not keep the others from theirs.
template <class Items, class Tell>
int tell_each(const Environment& environment, const std::stop_token& stopping, const Items& items,
              const Tell& tell) {
  int mails = 0;
  std::exception_ptr problem;
  for (const auto& item : items) {
    if (stopping.stop_requested()) break;
    try {
      mails += environment.pool->transact(
          [&](storage::Connection& connection) { return tell(connection, item); });
    } catch (const std::exception&) {
      problem = std::current_exception();
    }
  }
  if (problem) std::rethrow_exception(problem);
  return mails;
}

}  // namespace

int tell_of_new_materials(const Environment& environment, const std::stop_token& stopping) {
  const domain::Instant now = environment.clock->now();
  const auto owners = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_untold_owners(connection, now, now - kGathered, kStep);
  });
  return tell_each(environment, stopping, owners,
                   [&](storage::Connection& connection, const MaterialOwner& owner) {
                     return tell_owner(connection, environment, owner);
                   });
}

int tell_of_newer_versions(const Environment& environment, const std::stop_token& stopping) {
  const domain::Instant now = environment.clock->now();
  const domain::Instant settled = now - kGathered;
  const auto readers = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_outdated_readers(connection, now - kTooLate, settled, kStep);
  });
  return tell_each(environment, stopping, readers,
                   [&](storage::Connection& connection, const storage::OutdatedReader& reader) {
                     return tell_reader(connection, environment, reader, settled);
                   });
}

int tell_file_refused(storage::Connection& connection, const Environment& environment,
                      const domain::ContentDigest& digest, domain::FileRefusal refusal) {
  const int mails =
      tell_bringers(connection, environment, storage::list_brought(connection, digest), refusal) +
      tell_photographed(connection, environment, storage::list_brought_photos(connection, digest),
                        refusal);
  storage::save_refusal_told(connection, digest);
  return mails;
}

}  // namespace narada::usecases
