#pragma once

#include <string>

#include "service/domain/fair_places.h"
#include "service/domain/language.h"

namespace narada::usecases {

// Why somebody has a place or waits, in one sentence to them; empty where nothing needs a word.
// `tzid` is the meeting's zone. One text for pages, mails and the API alike.
std::string explain_place(const domain::PlaceExplanation& why, const std::string& tzid,
                          domain::Language language);

}  // namespace narada::usecases
