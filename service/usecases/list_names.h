#pragma once

#include <string_view>

#include "service/usecases/meetings/meetings.h"

namespace narada::usecases {

// The lists that are given out in pages, by the names that their cursors carry.
inline constexpr std::string_view kActivityList = "activity";
inline constexpr std::string_view kCycleList = "cycles";
inline constexpr std::string_view kExpertList = "experts";
inline constexpr std::string_view kInstitutionList = "institutions";
inline constexpr std::string_view kInvitationList = "invitations";
inline constexpr std::string_view kMailList = "outgoing_mails";
inline constexpr std::string_view kMaterialList = "materials";
inline constexpr std::string_view kSearchList = "search";
inline constexpr std::string_view kPracticeList = "practices";
inline constexpr std::string_view kRegistrationList = "registrations";
// Of meetings there are two, one for each direction.
inline constexpr std::string_view kMeetingList = "meetings";
inline constexpr std::string_view kNewestMeetingList = "meetings-newest";
inline std::string_view meeting_list_name(const MeetingFilter& filter) {
  return filter.newest_first ? kNewestMeetingList : kMeetingList;
}

// Whether this list of the program made this text. False for a cursor of another list, which the
// list functions would take for the first page.
bool is_cursor_of(std::string_view list, std::string_view text);

}  // namespace narada::usecases
