#pragma once

#include <stop_token>

#include "service/usecases/environment.h"

namespace narada::usecases {

// From half past seven in Poland on, writes the mails of the day: to who organizes or coordinates
// something, what needs them, daily or weekly (on Mondays, or the first day after one), and to who
// wants new meetings of their topics once a day, those. Each person once per day or week, whatever
// restarts and however many processes do it; nothing to whom it would say nothing new. How many
// mails.
int send_due_digests(const Environment& environment, const std::stop_token& stopping);

}  // namespace narada::usecases
