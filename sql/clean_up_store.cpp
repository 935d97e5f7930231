#include "sql/clean_up_store.h"

#include "sql/privacy_store.h"

namespace narada::storage {
namespace {

using domain::RetainedField;

constexpr int kStep = 200;  // rows

// For each field: whose rows are out of time. The cut-off is bound as often as it is asked for.
constexpr std::string_view kNeeds =
    " FROM registration r JOIN meeting m ON m.id = r.meeting_id WHERE (r.needs <> '' OR r.diet <> "
    "'' OR "
    "r.access_needs <> '' OR r.interpreter <> '') AND "
    "m.ends_at < ?";
constexpr std::string_view kQuestions =
    " FROM registration r JOIN meeting m ON m.id = r.meeting_id WHERE (r.question <> '' OR "
    "r.challenge <> '') AND "
    "m.ends_at < ?";
constexpr std::string_view kAnswers =
    " FROM registration_answer a JOIN registration r ON r.id = a.registration_id JOIN meeting m ON "
    "m.id = r.meeting_id WHERE m.ends_at < ?";
constexpr std::string_view kRegistrations =
    " FROM registration r JOIN meeting m ON m.id = r.meeting_id JOIN person p ON p.id = "
    "r.person_id WHERE p.erased_at IS NULL AND m.ends_at < ?";
// An enrolment is over with the last meeting of its cycle. One that has not been cancelled takes
// in whatever is added to the cycle later, so its needs stay as long as the enrolment itself.
constexpr std::string_view kEnrolmentNeeds =
    " FROM enrolment e WHERE (e.needs <> '' OR e.diet <> '' OR e.access_needs <> '' OR "
    "e.interpreter <> '') AND e.status <> 'active' AND e.updated_at < ? AND NOT "
    "EXISTS (SELECT 1 FROM meeting m WHERE m.cycle_id = e.cycle_id AND m.ends_at >= ?)";
constexpr std::string_view kEnrolments =
    " FROM enrolment e JOIN person p ON p.id = e.person_id WHERE p.erased_at IS NULL AND "
    "e.updated_at < ? AND NOT EXISTS (SELECT 1 FROM meeting m WHERE m.cycle_id = e.cycle_id AND "
    "m.ends_at >= ?)";
// Who would have stepped in, and did not.
constexpr std::string_view kReserves =
    " FROM delegation_reserve WHERE delegation_id IN (SELECT d.id FROM delegation d JOIN meeting m "
    "ON m.id = d.meeting_id WHERE m.ends_at < ?)";
constexpr std::string_view kMails =
    " FROM outgoing_mail WHERE state IN ('sent', 'failed', 'bounced', 'aborted') AND forget = 0 "
    "AND COALESCE(sent_at, last_attempt_at, created_at) < ?";
// The words of organizers' messages go with the mails that carried them; what stays is numbers.
constexpr std::string_view kMessages =
    " FROM organizer_message WHERE body <> '' AND created_at < ?";
// Who took which file, to be told of a newer one.
constexpr std::string_view kTaken = " FROM material_taken WHERE taken_at < ?";
// In their own words, people may have told of people.
constexpr std::string_view kSurveyTexts =
    " FROM survey_answer WHERE question_id IN (SELECT q.id FROM survey_question q JOIN survey s ON "
    "s.id = q.survey_id JOIN meeting m ON m.id = s.meeting_id WHERE q.kind = 'text' AND m.ends_at "
    "< ?)";
constexpr std::string_view kSessions = " FROM session WHERE COALESCE(ended_at, expires_at) < ?";
constexpr std::string_view kLinks = " FROM sign_in_link WHERE expires_at < ?";
constexpr std::string_view kDrafts = " FROM form_draft WHERE saved_at < ?";
constexpr std::string_view kOperations = " FROM operation WHERE created_at < ?";
// Of a cycle without meetings it counts from the listing.
constexpr std::string_view kInvitees =
    " FROM invitee WHERE GREATEST(created_at, COALESCE("
    "(SELECT m.ends_at FROM meeting m WHERE m.id = invitee.meeting_id), "
    "(SELECT MAX(m.ends_at) FROM meeting m WHERE m.cycle_id = invitee.cycle_id), created_at)) < ?";
constexpr std::string_view kReceivedMails = " FROM inbound_mail WHERE received_at < ?";
constexpr std::string_view kNotices = " FROM inbound_mail_notice WHERE written_at < ?";
constexpr std::string_view kProposals = " FROM substitution_proposal WHERE created_at < ?";
// Mail goes there again then, and shows whether somebody has the address by now.
constexpr std::string_view kMailAddresses = " FROM mail_address WHERE changed_at < ?";
// Whoever asked for news of a topic still wants something.
constexpr std::string_view kAccounts =
    " FROM person p WHERE p.erased_at IS NULL AND p.updated_at < ? "
    "AND COALESCE(p.email_proved_at, p.created_at) < ? "
    "AND NOT EXISTS (SELECT 1 FROM registration x WHERE x.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM enrolment x WHERE x.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM delegation_reserve x WHERE x.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM session x WHERE x.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM topic_subscription x WHERE x.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM api_token x WHERE x.person_id = p.id AND x.revoked_at IS NULL)";

Removable count(Connection& connection, std::string_view oldest, std::string_view from,
                const std::vector<Parameter>& parameters) {
  const auto row = connection.query(
      "SELECT COUNT(*), MIN(" + std::string(oldest) + ")" + std::string(from), parameters)[0];
  return {row.integer(0), row.find_instant(1)};
}

Removable operator+(const Removable& one, const Removable& other) {
  Removable sum{one.count + other.count, one.oldest};
  if (!sum.oldest || (other.oldest && *other.oldest < *sum.oldest)) sum.oldest = other.oldest;
  return sum;
}

std::vector<std::int64_t> list_ids(Connection& connection, std::string_view sql,
                                   const std::vector<Parameter>& parameters) {
  std::vector<std::int64_t> ids;
  const Rows rows = connection.query(sql, parameters);
  for (const auto row : rows) ids.push_back(row.integer(0));
  return ids;
}

// A meeting with rows out of time, locked; absent: none.
std::optional<domain::MeetingId> lock_meeting_of(Connection& connection, std::string_view from,
                                                 domain::Instant cutoff) {
  const auto found =
      list_ids(connection, "SELECT r.meeting_id" + std::string(from) + " LIMIT 1", {cutoff});
  if (found.empty()) return std::nullopt;
  connection.query("SELECT id FROM meeting WHERE id = ? FOR UPDATE", {found.front()});
  return domain::MeetingId{found.front()};
}

std::optional<int> forget_words(Connection& connection, std::string_view from,
                                std::string_view update, domain::Instant cutoff) {
  const auto meeting = lock_meeting_of(connection, from, cutoff);
  if (!meeting) return std::nullopt;
  return static_cast<int>(connection.execute(update, {*meeting}));
}

std::optional<int> forget_answers(Connection& connection, domain::Instant cutoff) {
  const auto meeting = lock_meeting_of(connection, kAnswers, cutoff);
  if (!meeting) return std::nullopt;
  connection.execute(
      "UPDATE registration r SET r.version = r.version + 1 WHERE r.meeting_id = ? AND EXISTS "
      "(SELECT 1 FROM registration_answer a WHERE a.registration_id = r.id)",
      {*meeting});
  return static_cast<int>(connection.execute(
      "DELETE a FROM registration_answer a JOIN registration r ON r.id = a.registration_id WHERE "
      "r.meeting_id = ?",
      {*meeting}));
}

std::optional<int> forget_enrolment_needs(Connection& connection, domain::Instant cutoff) {
  static const std::string kSelect = "SELECT e.id" + std::string(kEnrolmentNeeds) + " LIMIT ?";
  const auto ids = list_ids(connection, kSelect, {cutoff, cutoff, kStep});
  if (ids.empty()) return std::nullopt;
  int forgotten = 0;
  for (const auto id : ids)
    forgotten += static_cast<int>(connection.execute(
        "UPDATE enrolment SET needs = '', diet = '', access_needs = '', interpreter = '' "
        "WHERE id = ? AND status <> 'active' AND updated_at < ?",
        {id, cutoff}));
  return forgotten;
}

// A row for somebody of whom nothing is known, so that a claim has whose it is. One for each claim:
// two claims of one person cannot be told to be of one.
std::int64_t add_nobody(Connection& connection, const RemovalStep& step) {
  constexpr std::string_view kInsert =
      "INSERT INTO person (full_name, email, name_key, email_key, created_at, updated_at, "
      "erased_at) VALUES ('', '', ?, ?, ?, ?, ?) RETURNING id";
  const auto key = step.make_key();
  return connection.insert(kInsert, {key, key, step.now, step.now, step.now});
}

// The time of an account counts from the end of the last thing that it was kept for.
void note_end(Connection& connection, std::int64_t person, domain::Instant end) {
  connection.execute("UPDATE person SET updated_at = GREATEST(updated_at, ?) WHERE id = ?",
                     {end, person});
}

void forget_traces_of(Connection& connection, std::int64_t person, const std::string& subject) {
  connection.execute("DELETE FROM clause_acceptance WHERE person_id = ? AND subject = ?",
                     {person, subject});
  connection.execute(
      "DELETE p FROM activity a JOIN activity_personal p ON p.activity_id = a.id "
      "WHERE a.subject = ?",
      {subject});
}

void detach_registration(Connection& connection, std::int64_t registration, std::int64_t person,
                         const RemovalStep& step) {
  const auto mails = list_ids(connection, "SELECT id FROM outgoing_mail WHERE registration_id = ?",
                              {registration});
  for (const auto mail : mails) {
    forget_mail(connection, domain::OutgoingMailId{mail});
    connection.execute("UPDATE outgoing_mail SET person_id = NULL WHERE id = ?", {mail});
  }
  connection.execute("DELETE FROM registration_token WHERE registration_id = ?", {registration});
  connection.execute("DELETE FROM registration_answer WHERE registration_id = ?", {registration});
  connection.execute("DELETE FROM superior_consent WHERE registration_id = ?", {registration});
  connection.execute("DELETE FROM inbound_mail WHERE registration_id = ?", {registration});
  connection.execute("DELETE FROM calendar_decline WHERE registration_id = ?", {registration});
  connection.execute("DELETE FROM substitution_proposal WHERE registration_id = ?", {registration});
  forget_traces_of(connection, person, "registration:" + std::to_string(registration));
  connection.execute(
      "UPDATE registration SET person_id = ?, enrolment_id = NULL, position = '', needs = '', "
      "diet = '', access_needs = '', interpreter = '', question = '', challenge = '', "
      "challenge_contact = 0, decline_reason = '', visible = 0, version = version + 1 WHERE id = ?",
      {add_nobody(connection, step), registration});
}

std::optional<int> detach_registrations(Connection& connection, const RemovalStep& step) {
  const auto meeting = lock_meeting_of(connection, kRegistrations, step.cutoff);
  if (!meeting) return std::nullopt;
  const Rows rows = connection.query(
      "SELECT r.id, r.person_id, m.ends_at FROM registration r JOIN meeting m ON m.id = "
      "r.meeting_id JOIN person p ON p.id = r.person_id WHERE r.meeting_id = ? AND p.erased_at IS "
      "NULL AND m.ends_at < ? ORDER BY r.person_id LIMIT ?",
      {*meeting, step.cutoff, kStep});
  for (const auto row : rows) {
    note_end(connection, row.integer(1), row.instant(2));
    detach_registration(connection, row.integer(0), row.integer(1), step);
  }
  return static_cast<int>(rows.size());
}

std::optional<int> detach_enrolments(Connection& connection, const RemovalStep& step) {
  static const std::string kSelect =
      "SELECT e.id" + std::string(kEnrolments) + " ORDER BY e.id LIMIT ?";
  const auto ids = list_ids(connection, kSelect, {step.cutoff, step.cutoff, kStep});
  if (ids.empty()) return std::nullopt;
  int detached = 0;
  for (const auto id : ids) {
    const Rows held = connection.query(
        "SELECT person_id, updated_at FROM enrolment WHERE id = ? AND updated_at < ? FOR UPDATE",
        {id, step.cutoff});
    if (held.empty()) continue;
    note_end(connection, held[0].integer(0), held[0].instant(1));
    forget_traces_of(connection, held[0].integer(0), "enrolment:" + std::to_string(id));
    connection.execute(
        "UPDATE enrolment SET person_id = ?, needs = '', diet = '', access_needs = '', "
        "interpreter = '', visible = 0 WHERE id = ?",
        {add_nobody(connection, step), id});
    ++detached;
  }
  return detached;
}

std::optional<int> forget_mails(Connection& connection, domain::Instant cutoff) {
  static const std::string kSelect =
      "SELECT id" + std::string(kMails) + " ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED";
  const auto ids = list_ids(connection, kSelect, {cutoff, kStep});
  if (ids.empty()) return std::nullopt;
  for (const auto id : ids) forget_mail(connection, domain::OutgoingMailId{id});
  return static_cast<int>(ids.size());
}

std::optional<int> forget_messages(Connection& connection, domain::Instant cutoff) {
  const auto forgotten = connection.execute(
      "UPDATE organizer_message SET subject = '', body = '', subject_en = '', body_en = '' WHERE "
      "body <> '' AND created_at < ? ORDER BY id LIMIT ?",
      {cutoff, kStep});
  if (forgotten == 0) return std::nullopt;
  return static_cast<int>(forgotten);
}

std::optional<int> remove_sessions(Connection& connection, domain::Instant cutoff) {
  static const std::string kSelect = "SELECT id, person_id, COALESCE(ended_at, expires_at)" +
                                     std::string(kSessions) +
                                     " ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED";
  const Rows rows = connection.query(kSelect, {cutoff, kStep});
  if (rows.empty()) return std::nullopt;
  for (const auto row : rows) {
    note_end(connection, row.integer(1), row.instant(2));
    connection.execute("DELETE FROM session WHERE id = ?", {row.integer(0)});
  }
  return static_cast<int>(rows.size());
}

std::optional<int> remove_rows(Connection& connection, std::string_view from,
                               std::string_view order, domain::Instant cutoff) {
  const auto removed = connection.execute(
      "DELETE" + std::string(from) + " ORDER BY " + std::string(order) + " LIMIT ?",
      {cutoff, kStep});
  if (removed == 0) return std::nullopt;
  return static_cast<int>(removed);
}

std::optional<int> forget_accounts(Connection& connection, const RemovalStep& step) {
  static const std::string kSelect =
      "SELECT p.id" + std::string(kAccounts) + " ORDER BY p.id LIMIT ?";
  static const std::string kAgain = "SELECT p.id" + std::string(kAccounts) + " AND p.id = ?";
  const auto ids = list_ids(connection, kSelect, {step.cutoff, step.cutoff, kStep});
  if (ids.empty()) return std::nullopt;
  int forgotten = 0;
  for (const auto id : ids) {
    const domain::PersonId person{id};
    // Whoever registers at this moment has come back, or waits here and begins anew.
    if (!lock_remembered_person(connection, person)) continue;
    if (list_ids(connection, kAgain, {step.cutoff, step.cutoff, id}).empty()) continue;
    forget_person(connection, person, step.make_key(), step.now);
    ++forgotten;
  }
  return forgotten;
}

// One after the other: the second when the first has nothing left.
template <class First, class Second>
std::optional<int> first_of(First first, Second second) {
  if (const auto removed = first()) return removed;
  return second();
}

std::optional<int> remove_received(Connection& connection, domain::Instant cutoff) {
  constexpr std::pair<std::string_view, std::string_view> kTables[] = {
      {kReceivedMails, "id"},
      {kNotices, "outgoing_mail_id"},
      {kProposals, "id"},
      {kMailAddresses, "email_key"}};
  for (const auto& [from, order] : kTables)
    if (const auto removed = remove_rows(connection, from, order, cutoff)) return removed;
  return std::nullopt;
}

}  // namespace

Removable count_removable(Connection& connection, RetainedField field, domain::Instant cutoff) {
  switch (field) {
    case RetainedField::needs:
      return count(connection, "m.ends_at", kNeeds, {cutoff}) +
             count(connection, "e.updated_at", kEnrolmentNeeds, {cutoff, cutoff});
    case RetainedField::question:
      return count(connection, "m.ends_at", kQuestions, {cutoff});
    case RetainedField::answers:
      return count(connection, "m.ends_at", kAnswers, {cutoff}) +
             count(connection, "CAST(NULL AS DATETIME)", kSurveyTexts, {cutoff});
    case RetainedField::registration:
      return count(connection, "m.ends_at", kRegistrations, {cutoff}) +
             count(connection, "e.updated_at", kEnrolments, {cutoff, cutoff}) +
             count(connection, "CAST(NULL AS DATETIME)", kReserves, {cutoff});
    case RetainedField::mail:
      return count(connection, "COALESCE(sent_at, last_attempt_at, created_at)", kMails, {cutoff}) +
             count(connection, "created_at", kMessages, {cutoff}) +
             count(connection, "taken_at", kTaken, {cutoff});
    case RetainedField::session:
      return count(connection, "COALESCE(ended_at, expires_at)", kSessions, {cutoff});
    case RetainedField::sign_in_link:
      return count(connection, "expires_at", kLinks, {cutoff});
    case RetainedField::operation:
      return count(connection, "created_at", kOperations, {cutoff});
    case RetainedField::draft:
      return count(connection, "saved_at", kDrafts, {cutoff});
    case RetainedField::invitee:
      return count(connection, "created_at", kInvitees, {cutoff});
    case RetainedField::received_mail:
      return count(connection, "received_at", kReceivedMails, {cutoff}) +
             count(connection, "created_at", kProposals, {cutoff}) +
             count(connection, "changed_at", kMailAddresses, {cutoff});
    case RetainedField::account:
      return count(connection, "p.updated_at", kAccounts, {cutoff, cutoff});
  }
  return {};
}

std::optional<int> take_removal_step(Connection& connection, const RemovalStep& step) {
  switch (step.field) {
    case RetainedField::needs:
      return first_of(
          [&] {
            return forget_words(connection, kNeeds,
                                "UPDATE registration SET needs = '', diet = '', access_needs = '', "
                                "interpreter = '', version = version + 1 WHERE meeting_id = ? AND "
                                "(needs <> '' OR diet <> '' OR access_needs <> '' OR "
                                "interpreter <> '')",
                                step.cutoff);
          },
          [&] { return forget_enrolment_needs(connection, step.cutoff); });
    case RetainedField::question:
      return forget_words(
          connection, kQuestions,
          "UPDATE registration SET question = '', challenge = '', challenge_contact "
          "= 0, version = version + 1 WHERE meeting_id = ? AND (question <> '' "
          "OR challenge <> '')",
          step.cutoff);
    case RetainedField::answers:
      return first_of([&] { return forget_answers(connection, step.cutoff); },
                      [&] { return remove_rows(connection, kSurveyTexts, "id", step.cutoff); });
    case RetainedField::registration:
      return first_of([&] { return detach_registrations(connection, step); },
                      [&] {
                        return first_of([&] { return detach_enrolments(connection, step); },
                                        [&] {
                                          return remove_rows(connection, kReserves,
                                                             "delegation_id, person_id",
                                                             step.cutoff);
                                        });
                      });
    case RetainedField::mail:
      return first_of(
          [&] { return forget_mails(connection, step.cutoff); },
          [&] {
            return first_of(
                [&] { return forget_messages(connection, step.cutoff); },
                [&] { return remove_rows(connection, kTaken, "taken_at", step.cutoff); });
          });
    case RetainedField::session:
      return remove_sessions(connection, step.cutoff);
    case RetainedField::sign_in_link:
      return remove_rows(connection, kLinks, "expires_at", step.cutoff);
    case RetainedField::operation:
      return remove_rows(connection, kOperations, "created_at", step.cutoff);
    case RetainedField::draft:
      return remove_rows(connection, kDrafts, "saved_at", step.cutoff);
    case RetainedField::invitee:
      return remove_rows(connection, kInvitees, "id", step.cutoff);
    case RetainedField::received_mail:
      return remove_received(connection, step.cutoff);
    case RetainedField::account:
      return forget_accounts(connection, step);
  }
  return std::nullopt;
}

bool claim_job(Connection& connection, std::string_view name, const std::string& worker,
               domain::Instant now, domain::Instant until, std::optional<domain::Instant> due) {
  connection.execute("INSERT IGNORE INTO background_job (name, last_report) VALUES (?, '')",
                     {name});
  const Rows rows = connection.query(
      "SELECT claimed_by, claimed_until, last_finished_at FROM background_job WHERE name = ? FOR "
      "UPDATE",
      {name});
  const auto held_until = rows[0].find_instant(1);
  if (held_until && *held_until > now && rows[0].text(0) != worker) return false;
  const auto finished = rows[0].find_instant(2);
  if (due && finished && *finished >= *due) return false;
  connection.execute(
      "UPDATE background_job SET claimed_by = ?, claimed_until = ?, last_started_at = ? WHERE name "
      "= ?",
      {worker, until, now, name});
  return true;
}

bool prolong_job(Connection& connection, std::string_view name, const std::string& worker,
                 domain::Instant until) {
  connection.execute(
      "UPDATE background_job SET claimed_until = ? WHERE name = ? AND claimed_by = ?",
      {until, name, worker});
  return !connection
              .query("SELECT 1 FROM background_job WHERE name = ? AND claimed_by = ?",
                     {name, worker})
              .empty();
}

void finish_job(Connection& connection, std::string_view name, const std::string& worker,
                domain::Instant now, const std::string& report) {
  connection.execute(
      "UPDATE background_job SET claimed_by = '', claimed_until = NULL, last_finished_at = ?, "
      "last_report = ? WHERE name = ? AND claimed_by = ?",
      {now, report, name, worker});
}

JobState find_job(Connection& connection, std::string_view name) {
  const Rows rows = connection.query(
      "SELECT last_started_at, last_finished_at, last_report FROM background_job WHERE name = ?",
      {name});
  if (rows.empty()) return {};
  return {rows[0].find_instant(0), rows[0].find_instant(1), rows[0].text(2)};
}

}  // namespace narada::storage
