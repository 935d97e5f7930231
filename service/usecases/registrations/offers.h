#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>

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

// A thread that does so every 20 seconds from start() to stop(). Nothing depends on its being
// punctual: every decision looks at the clock. Any number may run, in one process or several.
class PlacesJob {
 public:
  // `environment` outlives this object. `report_problem` is called in the thread, with one line.
  PlacesJob(const Environment& environment, std::function<void(std::string_view)> report_problem);
  ~PlacesJob();  // stops
  PlacesJob(const PlacesJob&) = delete;
  PlacesJob& operator=(const PlacesJob&) = delete;

  void start();
  void stop();  // returns after the transaction in hand

 private:
  void run(const std::stop_token& stopping);

  const Environment& environment_;
  std::function<void(std::string_view)> report_problem_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace narada::usecases
