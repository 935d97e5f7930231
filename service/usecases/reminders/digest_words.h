#pragma once

#include <string>
#include <vector>

#include "service/domain/language.h"
#include "service/usecases/overview/overview.h"
#include "sql/digest_store.h"

namespace narada::usecases {

// One line of a digest. Two lines with one key say the same thing of the same day or another.
struct DigestLine {
  std::string key;
  std::string text;
  friend bool operator==(const DigestLine&, const DigestLine&) = default;
};

// What an organizer finds besides the overview of the panel.
struct OrganizerCounts {
  std::int64_t unhandled_answers = 0;  // received mail that somebody should look at
  std::int64_t open_proposals = 0;     // of a substitution
};
// What concerns a coordinator.
struct OfficeNews {
  std::vector<storage::PersonOfOffice> changed;
  std::vector<storage::OpenPlaces> open_places;
  std::vector<storage::PersonOfOffice> consents;
};

// Lines in the order in which they are read: what waits for somebody first.
std::vector<DigestLine> organizer_lines(const Overview& overview, const OrganizerCounts& counts,
                                        domain::Language language);
std::vector<DigestLine> coordinator_lines(const OfficeNews& news, domain::Language language);
// "21.01.2027, 9:30", "2027-01-21, 9:30"; of a half-fixed meeting its month.
std::string digest_date(const domain::MeetingTimes& times, domain::Language language);

}  // namespace narada::usecases
