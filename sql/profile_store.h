#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// What a person may change about themself, as the database holds it.
struct StoredProfile {
  domain::Person person;
  std::int64_t version = 1;
  std::vector<std::pair<std::string, bool>> choices;  // kind of notification, wanted
  std::vector<domain::TopicId> topics;                // whose news the person wants
};
// Absent: nobody, or erased. Three statements.
std::optional<StoredProfile> find_profile(Connection& connection, domain::PersonId person);

// Name, position, unit, institution and language, with the folded name; version + 1. False when
// `version` is not the current one. Throws Duplicate when somebody else has this e-mail and name.
bool save_profile(Connection& connection, const domain::Person& person, std::string_view name_key,
                  std::int64_t version, domain::Instant now);
void save_notification_choices(Connection& connection, domain::PersonId person,
                               const std::vector<std::pair<std::string, bool>>& choices,
                               domain::Instant now);
// These and no others.
void save_topic_subscriptions(Connection& connection, domain::PersonId person,
                              const std::vector<domain::TopicId>& topics, domain::Instant now);

// Somebody who wants to hear of new meetings of a topic.
struct Subscriber {
  domain::PersonId person;
  std::string full_name;
  std::string email;
  domain::Language language = domain::Language::pl;
  bool in_summary = false;  // with the next daily one, not at once
};
// Of the topic, without those who are registered at the meeting or enrolled in its cycle, whatever
// became of it, and without who wants no announcements. In the order of their ids.
std::vector<Subscriber> list_subscribers(Connection& connection, domain::TopicId topic,
                                         domain::MeetingId meeting,
                                         std::optional<domain::CycleId> cycle);

}  // namespace narada::storage
