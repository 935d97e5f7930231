#pragma once

#include "service/domain/outcome.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/tasks.h"

namespace narada::usecases {

// "Repair my calendar": what is true of a registration goes to its person's calendar once more. The
// same UID and SEQUENCE with a later DTSTAMP, so that a calendar that is right stays as it is, and
// one that has missed the last message is put right: a REQUEST, or a CANCEL where the entry is to
// go.

// For whoever may change the registration. Conflict: "calendar_untold" (nothing has ever been told
// and nothing is to be), "calendar_mail_waits" (the last message is still to be sent),
// "meeting_past", "forgotten" (the person has been erased).
domain::Outcome<domain::OutgoingMailId> repair_calendar(const Environment&, const Call&,
                                                        domain::RegistrationId);

// The same for everybody whose calendar was told anything of the meeting, as a task, for who may
// organize it. Conflict "meeting_past", "calendar_untold".
inline constexpr std::string_view kRepairTask = "repair_calendars";
domain::Outcome<domain::TaskId> start_repairs(const Environment&, const Call&, domain::MeetingId);
// `environment` outlives it.
TaskWork make_repair_work(const Environment& environment);

// Under the lock of the meeting: writes a mail of that kind with the calendar's truth once more,
// and its row of the ledger.
domain::OutgoingMailId write_with_calendar(storage::Connection&, const Environment&,
                                           const storage::SeatedMeeting&,
                                           storage::StoredRegistration&, MailCause);

}  // namespace narada::usecases
