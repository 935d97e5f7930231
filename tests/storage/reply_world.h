#pragma once

#include <map>
#include <string>
#include <vector>

#include "service/usecases/replies/receive_mail.h"
#include "tests/support/registration_world.h"
#include "tests/support/reply_corpus.h"

namespace narada::testing {

// A meeting of its own for each message, with the person whom it is about and another one, and an
// organizer who is told. The reply mailbox is narada@narada.example.
class ReplyWorld {
 public:
  ReplyWorld();

  RegistrationWorld& world() { return world_; }
  usecases::Environment& environment() { return world_.environment(); }

  struct Case {
    domain::Meeting meeting;
    domain::Registration registration;
    domain::Registration other;
    std::map<std::string, std::string> marks;
  };
  // `before` as in effects.txt, but replayed.
  Case begin(const std::string& before, int capacity = 40);
  // The sample with the marks of the case, about its person instead of "osoba1".
  std::string fill(const ReplySample& sample, const Case& of) const;
  usecases::Received receive(const std::string& raw);

  // "confirmed accepted 1": registration, the answer of its calendar, mails to organizers.
  std::string outcome(const Case& of);
  // Mails to the person that were not there before; nobody answers a message.
  std::int64_t mails_to(const Case& of);

 private:
  std::string answer_of(domain::RegistrationId registration);
  void answer(Case& of, const std::string& partstat, const std::string& stamp);
  void prepare(Case& of, const std::string& before);
  void set_marks(Case& of);

  RegistrationWorld world_;
  std::vector<ReplySample> samples_;
  int number_ = 0;
};

}  // namespace narada::testing
