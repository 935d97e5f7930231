#include "sql/reach_condition.h"

#include "sql/id_list.h"

namespace narada::storage {
namespace {

constexpr std::string_view kHosts =
    "EXISTS (SELECT 1 FROM meeting_place rp WHERE rp.meeting_id = m.id AND rp.institution_id";
constexpr std::string_view kAnswersForCycleOfMeeting =
    "EXISTS (SELECT 1 FROM cycle_institution rc WHERE rc.cycle_id = m.cycle_id"
    " AND rc.role IN ('challenge_owner', 'host') AND rc.institution_id";
constexpr std::string_view kAnswersForCycle =
    "EXISTS (SELECT 1 FROM cycle_institution rc WHERE rc.cycle_id = c.id"
    " AND rc.role IN ('challenge_owner', 'host') AND rc.institution_id";
constexpr std::string_view kAnswersForPractice =
    "EXISTS (SELECT 1 FROM practice_institution ri WHERE ri.practice_id = p.id"
    " AND ri.institution_id";

// Conditions of which one must hold.
class AnyOf {
 public:
  explicit AnyOf(const domain::Reach& reach) { condition_.sql = reach.all ? "(TRUE" : "(FALSE"; }

  // `test` and " IN (the ids)", then `end`; nothing for no ids.
  template <class Ids>
  void add(std::string_view test, const Ids& ids, std::string_view end = "") {
    if (ids.empty()) return;
    condition_.sql += " OR ";
    condition_.sql += test;
    condition_.sql += kInIdList;
    condition_.sql += end;
    condition_.parameters.emplace_back(list_of_ids(ids));
  }
  Condition take() {
    condition_.sql += ')';
    return std::move(condition_);
  }

 private:
  Condition condition_;
};

}  // namespace

Condition meeting_within(const domain::Reach& reach) {
  AnyOf any(reach);
  any.add("m.id", reach.meetings);
  any.add("m.cycle_id", reach.cycles);
  any.add(kHosts, reach.institutions, ")");
  any.add(kAnswersForCycleOfMeeting, reach.institutions, ")");
  return any.take();
}

Condition cycle_within(const domain::Reach& reach) {
  AnyOf any(reach);
  any.add("c.id", reach.cycles);
  any.add(kAnswersForCycle, reach.institutions, ")");
  return any.take();
}

Condition practice_within(const domain::Reach& reach) {
  AnyOf any(reach);
  any.add(kAnswersForPractice, reach.institutions, ")");
  return any.take();
}

}  // namespace narada::storage
