#include "tests/support/registration_rules.h"

#include <fmt/format.h>

#include "calendar/event.h"
#include "notifications/mail_facts.h"

namespace narada::testing {
namespace {

// A rule as a query whose every row is a violation: one column, the line that says so.
struct Rule {
  const char* name;
  const char* violations;
};

constexpr Rule kRules[] = {
    {"counters equal the rows",
     "SELECT CONCAT('meeting ', m.id, ' counts ', m.onsite_confirmed, '/', m.onsite_waiting, '/', "
     "m.online_confirmed, '/', m.online_waiting, '/', m.pending) FROM meeting m LEFT JOIN "
     "(SELECT meeting_id, "
     "SUM(mode = 'onsite' AND status IN ('confirmed', 'attended', 'absent')) oc, "
     "SUM(mode = 'onsite' AND status = 'waitlisted') ow, "
     "SUM(mode = 'online' AND status IN ('confirmed', 'attended', 'absent')) nc, "
     "SUM(mode = 'online' AND status = 'waitlisted') nw, SUM(status = 'pending') p "
     "FROM registration GROUP BY meeting_id) r ON r.meeting_id = m.id "
     "WHERE m.onsite_confirmed <> COALESCE(oc, 0) OR m.onsite_waiting <> COALESCE(ow, 0) "
     "OR m.online_confirmed <> COALESCE(nc, 0) OR m.online_waiting <> COALESCE(nw, 0) "
     "OR m.pending <> COALESCE(p, 0)"},
    {"nobody is above the capacity",
     "SELECT CONCAT('meeting ', m.id) FROM meeting m "
     "WHERE (SELECT COUNT(*) FROM registration r WHERE r.meeting_id = m.id AND r.mode = 'onsite' "
     "AND r.status = 'confirmed') + m.onsite_held > m.onsite_capacity "
     "OR (SELECT COUNT(*) FROM registration r WHERE r.meeting_id = m.id AND r.mode = 'online' "
     "AND r.status = 'confirmed') + m.online_held > m.online_capacity"},
    {"no place is free while somebody waits",
     "SELECT CONCAT('meeting ', m.id) FROM meeting m WHERE m.status = 'published' AND "
     "((m.onsite_waiting > 0 AND m.onsite_offered AND "
     "COALESCE(m.onsite_confirmed + m.onsite_held < m.onsite_capacity, 1)) OR "
     "(m.online_waiting > 0 AND m.online_offered AND "
     "COALESCE(m.online_confirmed + m.online_held < m.online_capacity, 1)))"},
    {"numbers of the line are unique and handed out",
     "SELECT CONCAT('registration ', r.id) FROM registration r JOIN meeting m ON m.id = "
     "r.meeting_id WHERE r.queue_number IS NULL OR r.queue_number > m.queue_counter OR EXISTS "
     "(SELECT 1 FROM registration o WHERE o.meeting_id = r.meeting_id AND o.id <> r.id AND "
     "o.queue_number = r.queue_number)"},
    {"each change of a registration has one mail, until its person is erased",
     "SELECT CONCAT('registration ', r.id, ' changes ', a.n, ' mails ', o.n) FROM registration r "
     "JOIN person p ON p.id = r.person_id AND p.erased_at IS NULL "
     "LEFT JOIN (SELECT subject, COUNT(*) n FROM activity WHERE verb IN ('registration.created', "
     "'registration.returned', 'registration.approved', 'registration.declined', "
     "'registration.cancelled', 'registration.promoted', 'registration.mode_changed', "
     "'registration.took_over', 'registration.offered', 'registration.offer_accepted', "
     "'registration.offer_expired') "
     "GROUP BY subject) a ON a.subject = CONCAT('registration:', r.id) "
     "LEFT JOIN (SELECT registration_id, COUNT(*) n FROM outgoing_mail WHERE (kind LIKE "
     "'registration%' OR kind IN ('place_handed_over', 'consent_refused', 'offer_expired')) GROUP "
     "BY "
     "registration_id) o ON o.registration_id = r.id "
     "WHERE COALESCE(a.n, 0) <> COALESCE(o.n, 0) OR (a.n IS NULL AND NOT EXISTS (SELECT 1 FROM "
     "activity w WHERE w.verb = 'registration.walked_in' AND w.subject = "
     "CONCAT('registration:', r.id)))"},
    {"each mail has one link of its own, until its person is erased",
     "SELECT CONCAT('registration ', r.id) FROM registration r JOIN person p ON p.id = "
     "r.person_id WHERE p.erased_at IS NULL AND (SELECT COUNT(*) FROM registration_token t WHERE "
     "t.registration_id = r.id) <> "
     "(SELECT COUNT(*) FROM outgoing_mail o WHERE o.registration_id = r.id AND "
     "o.kind <> 'consent_asked')"},
    {"SEQUENCE of one calendar rises with each message, and one that is repeated is the same",
     "SELECT CONCAT('registration ', i.registration_id, ' has ', i.sequence, ' after ', "
     "e.sequence) FROM invitation i JOIN invitation e ON e.registration_id = i.registration_id "
     "AND e.id < i.id WHERE e.sequence > i.sequence OR (e.sequence = i.sequence AND (e.method <> "
     "i.method OR e.shown <> i.shown OR e.created_at >= i.created_at))"},
    {"what a calendar was told stands with its registration as the ledger has it",
     "SELECT CONCAT('registration ', r.id) FROM registration r LEFT JOIN invitation i ON i.id = "
     "(SELECT MAX(id) FROM invitation l WHERE l.registration_id = r.id) JOIN person p ON p.id = "
     "r.person_id AND p.erased_at IS NULL WHERE NOT (r.calendar_sequence <=> i.sequence) OR "
     "(i.id IS NOT NULL AND r.calendar_shown <> i.shown)"},
    {"one UID for one meeting",
     "SELECT CONCAT('invitation ', i.id) FROM invitation i JOIN registration r ON r.id = "
     "i.registration_id JOIN meeting m ON m.id = r.meeting_id WHERE m.uid <> i.uid"},
    {"the last calendar message is a REQUEST exactly for those invited, until they are erased",
     "SELECT CONCAT('registration ', r.id) FROM registration r "
     "JOIN person p ON p.id = r.person_id AND p.erased_at IS NULL LEFT JOIN invitation i ON i.id = "
     "(SELECT MAX(id) FROM invitation l WHERE l.registration_id = r.id) "
     "WHERE r.invited <> COALESCE(i.method = 'REQUEST', 0)"},
    {"who is confirmed is invited, unless the meeting is cancelled or has no day yet",
     "SELECT CONCAT('registration ', r.id) FROM registration r JOIN meeting m ON m.id = "
     "r.meeting_id WHERE r.status NOT IN ('attended', 'absent') AND "
     "r.invited <> (r.status = 'confirmed' AND m.status = 'published' AND "
     "m.time_precision <> 'month')"},
};

// Each calendar message of the ledger against the mail that carries it.
void compare_invitations(storage::Connection& connection, std::vector<std::string>& found) {
  // What has been sent keeps no facts.
  const auto rows = connection.query(
      "SELECT o.id, o.facts, i.method, i.sequence, i.uid FROM outgoing_mail o "
      "LEFT JOIN invitation i ON i.outgoing_mail_id = o.id WHERE o.facts <> '' ORDER BY o.id");
  for (const auto row : rows) {
    const auto facts = notifications::parse_mail_facts(row.text(1));
    const std::string method = facts.method ? std::string(calendar::to_string(*facts.method)) : "";
    const bool same = facts.event.has_value() != row.is_null(2) && method == row.text_or_empty(2) &&
                      (!facts.event || (facts.event->sequence == row.small_integer(3) &&
                                        facts.event->uid == row.text(4)));
    if (!same) found.push_back(fmt::format("ledger and mail differ: mail {}", row.integer(0)));
  }
}

}  // namespace

std::vector<std::string> find_rule_violations(storage::Connection& connection) {
  std::vector<std::string> found;
  for (const auto& rule : kRules) {
    const auto rows = connection.query(rule.violations);
    for (const auto row : rows) {
      found.push_back(fmt::format("{}: {}", rule.name, row.text_or_empty(0)));
    }
  }
  compare_invitations(connection, found);
  return found;
}

}  // namespace narada::testing
