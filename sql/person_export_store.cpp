#include "sql/person_export_store.h"

#include <array>

namespace narada::storage {
namespace {

// A table of the copy: what is read of it, as pairs of name and expression.
struct Column {
  std::string_view name;
  std::string_view expression;
  enum class Kind { text, instant, wall } kind = Kind::text;
};
struct Table {
  std::string_view name;
  std::vector<Column> columns;
  std::string_view from;  // with one parameter
};

using Kind = Column::Kind;

const std::vector<Table>& tables() {
  static const std::vector<Table> all = {
      {"person",
       {{"id", "p.id"},
        {"full_name", "p.full_name"},
        {"email", "p.email"},
        {"position", "p.position"},
        {"unit", "p.unit"},
        {"phone", "p.phone"},
        {"institution", "i.name"},
        {"language", "p.language"},
        {"mailbox_proved_at", "p.email_proved_at", Kind::instant},
        {"has_calendar_feed", "IF(p.feed_generation > 0, 'yes', 'no')"},
        {"created_at", "p.created_at", Kind::instant},
        {"updated_at", "p.updated_at", Kind::instant}},
       "FROM person p LEFT JOIN institution i ON i.id = p.institution_id WHERE p.id = ? AND "
       "p.erased_at IS NULL"},
      {"expert_pages",
       {{"name", "name"},
        {"organization", "organization"},
        {"description", "description"},
        {"description_en", "description_en"},
        {"address", "CONCAT('/prowadzacy/', slug)"}},
       "FROM expert WHERE person_id = ? AND merged_into IS NULL ORDER BY id"},
      {"expert_of",
       {{"expert", "e.name"},
        {"is_shown", "IF(em.is_shown, 'yes', 'no')"},
        {"shares_contact", "IF(em.shares_contact, 'yes', 'no')"},
        {"added_at", "em.added_at", Kind::instant},
        {"photo_consent_at", "p.consent_at", Kind::instant}},
       "FROM expert_member em JOIN expert e ON e.id = em.expert_id LEFT JOIN expert_photo p ON "
       "p.expert_id = e.id AND p.person_id = em.person_id WHERE em.person_id = ? ORDER BY e.id"},
      {"expert_answers",
       {{"meeting", "m.title"},
        {"task", "a.task"},
        {"answer", "IF(a.answer, 'yes', 'no')"},
        {"answered_at", "a.answered_at", Kind::instant}},
       "FROM expert_task_answer a JOIN meeting m ON m.id = a.meeting_id WHERE a.answered_by = ? "
       "AND a.answer IS NOT NULL ORDER BY a.meeting_id, a.task"},
      {"roles",
       {{"role", "role"},
        {"scope", "IF(scope_id = 0, scope_kind, CONCAT(scope_kind, ':', scope_id))"},
        {"granted_at", "granted_at", Kind::instant}},
       "FROM person_role WHERE person_id = ? ORDER BY id"},
      {"sessions",
       {{"method", "method"},
        {"second_factor", "IF(second_factor, 'yes', 'no')"},
        {"device", "device"},
        {"network", "network"},
        {"created_at", "created_at", Kind::instant},
        {"last_seen_at", "last_seen_at", Kind::instant},
        {"expires_at", "expires_at", Kind::instant},
        {"ended_at", "ended_at", Kind::instant}},
       "FROM session WHERE person_id = ? ORDER BY id"},
      {"sign_in_methods",
       {{"password_set_at", "password_set_at", Kind::instant},
        {"one_time_codes_since", "totp_confirmed_at", Kind::instant}},
       "FROM credential WHERE person_id = ?"},
      {"directories",
       {{"issuer", "issuer"}, {"subject", "subject"}, {"created_at", "created_at", Kind::instant}},
       "FROM external_identity WHERE person_id = ? ORDER BY id"},
      {"accepted_clauses",
       {{"version", "clause_version"},
        {"subject", "subject"},
        {"accepted_at", "accepted_at", Kind::instant}},
       "FROM clause_acceptance WHERE person_id = ? ORDER BY id"},
      {"notification_choices",
       {{"kind", "kind"},
        {"wanted", "IF(wanted, 'yes', 'no')"},
        {"changed_at", "changed_at", Kind::instant}},
       "FROM notification_choice WHERE person_id = ? ORDER BY kind"},
      {"topics",
       {{"topic", "t.name"}, {"since", "s.created_at", Kind::instant}},
       "FROM topic_subscription s JOIN topic t ON t.id = s.topic_id WHERE s.person_id = ? ORDER BY "
       "t.name"},
      {"api_tokens",
       {{"name", "name"},
        {"access", "access"},
        {"created_at", "created_at", Kind::instant},
        {"expires_at", "expires_at", Kind::instant},
        {"last_used_at", "last_used_at", Kind::instant},
        {"revoked_at", "revoked_at", Kind::instant}},
       "FROM api_token WHERE person_id = ? ORDER BY id"},
      {"tasks",
       {{"kind", "kind"},
        {"state", "state"},
        {"created_at", "created_at", Kind::instant},
        {"ended_at", "ended_at", Kind::instant}},
       "FROM task WHERE person_id = ? ORDER BY id"},
      {"registrations",
       {{"id", "r.id"},
        {"meeting", "m.title"},
        {"meeting_slug", "m.slug"},
        {"starts", "m.starts", Kind::wall},
        {"ends", "m.ends", Kind::wall},
        {"time_zone", "m.tzid"},
        {"status", "r.status"},
        {"mode", "r.mode"},
        {"institution", "i.name"},
        {"position", "r.position"},
        {"needs", "r.needs"},
        {"diet", "r.diet"},
        {"access_needs", "r.access_needs"},
        {"interpreter", "r.interpreter"},
        {"question", "r.question"},
        {"challenge", "r.challenge"},
        {"may_be_put_in_touch", "IF(r.challenge_contact, 'yes', 'no')"},
        {"visible_to_other_participants", "IF(r.visible, 'yes', 'no')"},
        {"decline_reason", "r.decline_reason"},
        {"superior",
         "(SELECT CONCAT_WS(', ', NULLIF(s.superior_name, ''), s.superior_email) FROM "
         "superior_consent s WHERE s.registration_id = r.id)"},
        {"consent", "(SELECT s.answer FROM superior_consent s WHERE s.registration_id = r.id)"},
        {"accepted_clause", "r.clause_version"},
        {"created_at", "r.created_at", Kind::instant},
        {"updated_at", "r.updated_at", Kind::instant},
        {"confirmed_at", "r.confirmed_at", Kind::instant},
        {"cancelled_at", "r.cancelled_at", Kind::instant}},
       "FROM registration r JOIN meeting m ON m.id = r.meeting_id LEFT JOIN institution i ON i.id "
       "= "
       "r.institution_id WHERE r.person_id = ? ORDER BY r.id"},
      {"answers",
       {{"registration", "a.registration_id"},
        {"question", "q.label"},
        {"answer", "a.value"},
        {"file_type", "f.media_type"},
        {"file_given_at", "f.created_at", Kind::instant}},
       "FROM registration r JOIN registration_answer a ON a.registration_id = r.id JOIN "
       "meeting_question q ON q.id = a.question_id LEFT JOIN registration_file f ON "
       "f.registration_id = a.registration_id AND f.question_id = a.question_id WHERE r.person_id "
       "= ? ORDER BY a.registration_id, q.position, q.id"},
      {"enrolments",
       {{"id", "e.id"},
        {"cycle", "c.title"},
        {"cycle_slug", "c.slug"},
        {"status", "e.status"},
        {"mode", "e.mode"},
        {"institution", "i.name"},
        {"needs", "e.needs"},
        {"diet", "e.diet"},
        {"access_needs", "e.access_needs"},
        {"interpreter", "e.interpreter"},
        {"accepted_clause", "e.clause_version"},
        {"created_at", "e.created_at", Kind::instant},
        {"updated_at", "e.updated_at", Kind::instant}},
       "FROM enrolment e JOIN cycle c ON c.id = e.cycle_id LEFT JOIN institution i ON i.id = "
       "e.institution_id WHERE e.person_id = ? ORDER BY e.id"},
      {"reserves",
       {{"meeting", "m.title"},
        {"meeting_slug", "m.slug"},
        {"mode", "d.mode"},
        {"institution", "i.name"},
        {"position", "v.job_title"}},
       "FROM delegation_reserve v JOIN delegation d ON d.id = v.delegation_id JOIN meeting m ON "
       "m.id "
       "= d.meeting_id JOIN institution i ON i.id = d.institution_id WHERE v.person_id = ? ORDER "
       "BY "
       "m.id, d.mode"},
      {"form_drafts",
       {{"form", "form"},
        {"subject", "subject"},
        {"fields", "fields"},
        {"saved_at", "saved_at", Kind::instant}},
       "FROM form_draft WHERE person_id = ? ORDER BY id"},
      {"invitations",
       {{"to", "COALESCE(m.title, c.title)"},
        {"email", "v.email"},
        {"full_name", "v.full_name"},
        {"position", "v.job_title"},
        {"institution", "i.name"},
        {"source", "v.source"},
        {"state", "v.state"},
        {"decline_reason", "v.decline_reason"},
        {"listed_at", "v.created_at", Kind::instant},
        {"invited_at", "v.invited_at", Kind::instant},
        {"reminded_at", "v.reminded_at", Kind::instant}},
       "FROM person p JOIN invitee v ON v.person_id = p.id OR (v.email_key = p.email_key AND "
       "v.full_name IN ('', p.full_name)) LEFT JOIN meeting m ON m.id = v.meeting_id LEFT JOIN "
       "cycle c ON c.id = v.cycle_id LEFT JOIN institution i ON i.id = v.institution_id "
       "WHERE p.id = ? ORDER BY v.id"},
      {"received_mails",
       {{"kind", "i.kind"},
        {"effect", "i.effect"},
        {"from", "i.from_address"},
        {"from_name", "i.from_name"},
        {"subject", "i.subject"},
        {"text", "i.body"},
        {"received_at", "i.received_at", Kind::instant}},
       "FROM registration r JOIN inbound_mail i ON i.registration_id = r.id WHERE r.person_id = ? "
       "ORDER BY i.id"},
      {"calendar_answers",
       {{"meeting", "m.title"},
        {"sequence", "v.sequence"},
        {"answer", "v.partstat"},
        {"answered_at", "v.answered_at", Kind::instant}},
       "FROM registration r JOIN meeting m ON m.id = r.meeting_id JOIN invitation v ON "
       "v.registration_id = r.id AND v.answered_at IS NOT NULL WHERE r.person_id = ? ORDER BY "
       "v.id"},
      {"mail_address",
       {{"email", "a.email_key"},
        {"dead_since", "a.dead_since", Kind::instant},
        {"last_reply", "a.last_reply"}},
       "FROM person p JOIN mail_address a ON a.email_key = p.email_key WHERE p.id = ?"},
      {"surveys",
       {{"meeting", "m.title"}, {"answered", "IF(k.answered = 1, 'yes', 'no')"}},
       "FROM survey_asked k JOIN registration r ON r.id = k.registration_id JOIN meeting m ON m.id "
       "= r.meeting_id WHERE r.person_id = ? ORDER BY r.id"},
      {"materials_added",
       {{"title", "m.title"},
        {"meeting", "g.title"},
        {"cycle", "c.title"},
        {"practice", "p.title"},
        {"added_at", "m.created_at", Kind::instant}},
       "FROM material m LEFT JOIN meeting g ON g.id = m.meeting_id LEFT JOIN cycle c ON c.id = "
       "m.cycle_id LEFT JOIN practice p ON p.id = m.practice_id WHERE m.added_by = ? ORDER BY "
       "m.id"},
      {"materials_taken",
       {{"title", "m.title"}, {"file", "v.file_name"}, {"taken_at", "t.taken_at", Kind::instant}},
       "FROM material_taken t JOIN material_version v ON v.id = t.material_version_id JOIN "
       "material m ON m.id = v.material_id WHERE t.person_id = ? ORDER BY t.taken_at, v.id"},
      {"uploads",
       {{"file", "file_name"}, {"size", "size"}, {"begun_at", "created_at", Kind::instant}},
       "FROM upload WHERE person_id = ? ORDER BY id"},
      {"mails",
       {{"kind", "kind"},
        {"to", "to_address"},
        {"to_name", "to_name"},
        {"subject", "subject"},
        {"state", "state"},
        {"last_reply", "last_reply"},
        {"created_at", "created_at", Kind::instant},
        {"sent_at", "sent_at", Kind::instant},
        // Those about one's account hold ways in.
        {"text", "IF(meeting_id IS NULL, NULL, raw)"}},
       "FROM outgoing_mail WHERE person_id = ? ORDER BY id"},
  };
  return all;
}

std::string expression_of(const Column& column) {
  const std::string text(column.expression);
  switch (column.kind) {
    case Kind::instant:
      return "DATE_FORMAT(" + text + ", '%Y-%m-%dT%H:%i:%sZ')";
    case Kind::wall:
      return "DATE_FORMAT(" + text + ", '%Y-%m-%dT%H:%i:%s')";
    case Kind::text:
      break;
  }
  return text;
}

ExportedTable read_table(Connection& connection, const Table& table, domain::PersonId person) {
  std::string sql = "SELECT ";
  ExportedTable exported;
  exported.name = table.name;
  for (const auto& column : table.columns) {
    if (!exported.columns.empty()) sql += ", ";
    sql += expression_of(column);
    exported.columns.push_back(column.name);
  }
  const Rows rows = connection.query(sql + ' ' + std::string(table.from), {person});
  for (const auto row : rows) {
    std::vector<std::optional<std::string>> cells;
    for (std::size_t index = 0; index < table.columns.size(); ++index)
      cells.push_back(row.find_text(index));
    exported.rows.push_back(std::move(cells));
  }
  return exported;
}

}  // namespace

std::vector<ExportedTable> list_rows_of_person(Connection& connection, domain::PersonId person) {
  std::vector<ExportedTable> exported;
  for (const auto& table : tables()) exported.push_back(read_table(connection, table, person));
  return exported;
}

}  // namespace narada::storage
