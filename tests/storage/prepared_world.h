#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "service/usecases/experts/asking.h"
#include "service/usecases/experts/inviting.h"
#include "service/usecases/experts/preparation.h"
#include "sql/role_store.h"
#include "tests/support/registration_world.h"

namespace narada::testing {

// A meeting on 16 March 2027 with one item that nobody leads yet.
struct PreparedWorld : RegistrationWorld {
  PreparedWorld() {
    auto form = meeting_form();
    form.title = "Deszczówka";
    const domain::WallTime day{std::chrono::local_days(std::chrono::year(2027) / 3 / 16)};
    form.starts = day + std::chrono::hours(10);
    form.ends = day + std::chrono::hours(15);
    usecases::ProgramItemForm item;
    item.starts_minute = 600;
    item.ends_minute = 660;
    item.title = "Wykład";
    form.program = {item};
    id = publish(form).id;
  }

  domain::PersonId invite(const std::string& expert, const std::string& email,
                          const std::string& name = {}, std::optional<int> position = 0) {
    const auto invited =
        usecases::invite_expert(environment(), organizer(), id, {expert, email, name, position});
    REQUIRE_MESSAGE(invited.ok(), describe(invited));
    return *invited;
  }
  usecases::Preparation prepared() {
    auto loaded = usecases::load_preparation(environment(), organizer().actor, id);
    REQUIRE_MESSAGE(loaded.ok(), describe(loaded));
    return std::move(loaded).value();
  }
  // As the program makes it of a session: with the roles that stand in the database.
  usecases::Call call_of(domain::PersonId person) {
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::person;
    call.actor.id = person.value;
    call.actor.person = person;
    call.actor.grants = pool().read(
        [&](storage::Connection& connection) { return storage::list_grants(connection, person); });
    return call;
  }
  int ask() { return usecases::ask_for_missing(environment(), {}); }
  void set_day(int month, int day) {
    clock().set(std::chrono::sys_days(std::chrono::year(2027) / month / day) +
                std::chrono::hours(9));
  }
  std::vector<notifications::MailFacts> asked() {
    std::vector<notifications::MailFacts> found;
    for (auto& mail : facts())
      if (mail.kind == notifications::MailKind::expert_tasks) found.push_back(std::move(mail));
    return found;
  }

  domain::MeetingId id;
};

}  // namespace narada::testing
