#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/domain/practice.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

struct PracticeFilter {
  std::optional<domain::PracticeType> type;
  std::optional<domain::PracticeArea> area;
  std::string topic;        // slug or id
  std::string institution;  // TERYT, slug or id
  std::string q;
};
// Published ones, newest first.
PageOf<domain::PracticeSummary> list_practices(const Environment&, const Actor& viewer,
                                               const PracticeFilter&, const PageRequest&);
domain::Outcome<domain::Practice> find_practice(const Environment&, const Actor& viewer,
                                                std::string_view id_or_slug);

struct PracticeForm {
  std::string title, lead;
  std::optional<domain::PracticeType> type;
  bool type_from_source = false;
  std::optional<domain::PracticeArea> area;
  std::string topic;
  std::optional<domain::PracticeOrigin> origin;
  std::optional<domain::PracticeState> state;
  std::optional<int> implementation_year;
  std::optional<unsigned> implementation_month;
  std::optional<std::string> budget_pln;
  std::vector<std::string> institutions;  // lead first
  std::string institution_text;
  std::string situation_before, aim, description, results, lessons, contact, found_by, financing;
  std::string legacy_url, source_url, caveat;
  std::optional<domain::PracticeText> english;
  domain::PracticeContact contact_person;
  std::vector<domain::PracticeFinancing> financed_by;
  std::optional<int> ended_year;
  std::optional<unsigned> ended_month;
  std::optional<domain::CycleId> from_cycle;
  std::optional<domain::MeetingId> from_meeting;
  std::string source_name, source_id;
  // As a source says; else publication and the yearly question set them.
  std::optional<domain::Date> verified_on;
  std::string verified_by;
};
PracticeForm form_of(const domain::Practice& practice);
domain::Outcome<domain::Practice> create_practice(const Environment&, const Call&,
                                                  const PracticeForm&);
// For who may edit it: the form as it is stored.
domain::Outcome<domain::Practice> load_practice_to_edit(const Environment&, const Actor&,
                                                        domain::PracticeId);
// Stale when `version` is no longer the current one. Nothing is written, no revision made, where
// nothing differs.
domain::Outcome<domain::Practice> change_practice(const Environment&, const Call&,
                                                  domain::PracticeId, std::int64_t version,
                                                  const PracticeForm&);
// In one step from whatever state, for who verifies. Conflict practice_incomplete for one that is
// neither complete nor from a source.
domain::Outcome<domain::Practice> publish_practice(const Environment&, const Call&,
                                                   domain::PracticeId);

}  // namespace narada::usecases
