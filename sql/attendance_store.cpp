#include "sql/attendance_store.h"

#include "sql/id_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT r.id, p.id, p.full_name, r.position, i.id, COALESCE(i.name, ''), r.status, r.mode,"
    " r.status_before_attendance FROM registration r JOIN person p ON p.id = r.person_id"
    " LEFT JOIN institution i ON i.id = r.institution_id WHERE r.meeting_id = ?";

std::vector<AttendanceRow> read(const Rows& rows) {
  std::vector<AttendanceRow> list;
  for (const auto row : rows) {
    AttendanceRow one;
    one.id = row.id<domain::RegistrationId>(0);
    one.person = row.id<domain::PersonId>(1);
    one.full_name = row.text(2);
    one.position = row.text(3);
    one.institution = row.find_id<domain::InstitutionId>(4);
    one.institution_name = row.text(5);
    one.status = stored_enum("registration.status", row.text(6), domain::find_registration_status);
    one.mode = stored_enum("registration.mode", row.text(7), domain::find_attendance_mode);
    if (!row.text(8).empty())
      one.before = stored_enum("registration.status_before_attendance", row.text(8),
                               domain::find_registration_status);
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::vector<AttendanceRow> list_attendance(Connection& connection, domain::MeetingId meeting) {
  static const std::string kList =
      std::string(kSelect) +
      " AND r.status IN ('confirmed', 'attended', 'absent') ORDER BY p.full_name, r.id";
  return read(connection.query(kList, {meeting}));
}

std::vector<AttendanceRow> find_attendance(Connection& connection, domain::MeetingId meeting,
                                           const std::vector<domain::RegistrationId>& ids) {
  static const std::string kFind =
      std::string(kSelect) + " AND r.id" + std::string(kInIdList) + " ORDER BY r.id";
  return read(connection.query(kFind, {meeting, list_of_ids(ids)}));
}

void save_attendance(Connection& connection, domain::RegistrationId registration,
                     domain::RegistrationStatus status,
                     std::optional<domain::RegistrationStatus> before, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE registration SET status = ?, status_before_attendance = ?, updated_at = ?,"
      " cancelled_at = IF(? = 'cancelled', COALESCE(cancelled_at, ?), NULL),"
      " version = version + 1 WHERE id = ?";
  const auto name = domain::to_string(status);
  connection.execute(kUpdate, {name, before ? domain::to_string(*before) : std::string_view(), now,
                               name, now, registration});
}

int count_in_room(Connection& connection, domain::MeetingId meeting, domain::AttendanceMode mode) {
  constexpr std::string_view kCount =
      "SELECT COUNT(*) FROM registration WHERE meeting_id = ? AND mode = ?"
      " AND status IN ('confirmed', 'attended')";
  return connection.query(kCount, {meeting, domain::to_string(mode)})[0].small_integer(0);
}

}  // namespace narada::storage
