#pragma once

#include <stop_token>

#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Places that come free by themselves: a guarantee or a hold ends, an offer runs out.

// By who may change_registration: the place that is held for the person is theirs. Of somebody who
// is confirmed nothing happens. Conflict no_offer, offer_expired, meeting_past.
domain::Outcome<domain::Registration> accept_offer(const Environment&, const Call&,
                                                   domain::RegistrationId);

// Releases, promotes and offers on in every meeting where something is due, each in a transaction
// of its own; how many meetings. Whoever comes second finds nothing to do.
int settle_due_places(const Environment&, const std::stop_token& stopping = {});

}  // namespace narada::usecases
