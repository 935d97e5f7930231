#pragma once

#include <map>
#include <optional>
#include <string>

#include "service/domain/meeting.h"
#include "service/usecases/field_checks.h"
#include "sql/connection.h"

namespace narada::usecases {

// What the keys in a form stand for, each looked up once within a transaction. An unknown key adds
// unknown_topic, unknown_institution, unknown_expert, unknown_practice or unknown_cycle to the
// checks; an empty one is absence without an error.
class References {
 public:
  explicit References(storage::Connection& connection) : connection_(connection) {}

  std::optional<domain::TopicRef> find_topic(FieldChecks& checks, std::string_view field,
                                             const std::string& key);
  std::optional<domain::CycleRef> find_cycle(FieldChecks& checks, std::string_view field,
                                             const std::string& key);
  std::optional<domain::InstitutionRef> find_institution(FieldChecks& checks,
                                                         std::string_view field,
                                                         const std::string& key);
  std::optional<domain::ExpertRef> find_expert(FieldChecks& checks, std::string_view field,
                                               const std::string& key);
  // Every key of a list, `field`[0] and so on, without repetitions; too_many beyond `max`.
  std::vector<domain::InstitutionRef> find_institutions(FieldChecks& checks, std::string_view field,
                                                        const std::vector<std::string>& keys,
                                                        std::size_t max);
  std::vector<domain::ExpertRef> find_experts(FieldChecks& checks, std::string_view field,
                                              const std::vector<std::string>& keys,
                                              std::size_t max);
  // Published ones.
  std::vector<domain::PracticeRef> find_practices(FieldChecks& checks, std::string_view field,
                                                  const std::vector<std::string>& keys,
                                                  std::size_t max);

 private:
  storage::Connection& connection_;
  std::map<std::string, std::optional<domain::InstitutionRef>> institutions_;
  std::map<std::string, std::optional<domain::ExpertRef>> experts_;
};

}  // namespace narada::usecases
