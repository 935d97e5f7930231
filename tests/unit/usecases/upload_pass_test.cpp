#include "service/usecases/materials/upload_pass.h"

#include <doctest/doctest.h>

using namespace narada;

namespace {

class FixedClock final : public domain::Clock {
 public:
  domain::Instant now() const override { return time; }
  domain::Instant time{std::chrono::seconds(1'800'000'000)};
};

}  // namespace

TEST_CASE("a pass is of one session, of one installation and for two weeks") {
  FixedClock clock;
  usecases::Environment environment;
  environment.clock = &clock;
  environment.secret_key = std::string(32, 'k');
  const auto pass = usecases::make_upload_pass(environment, "session");
  const auto is_good = [&](std::string_view session, std::string_view text) {
    return usecases::is_upload_pass(environment, session, text);
  };
  CHECK(is_good("session", pass));
  CHECK_FALSE(is_good("another", pass));
  CHECK_FALSE(is_good("", usecases::make_upload_pass(environment, "")));
  auto later = pass;
  ++later.at(0);
  for (const auto& text : {std::string(), std::string("."), std::string("1801209600"),
                           std::string("1801209600."), pass + "a", pass.substr(0, 40), later})
    CHECK_FALSE(is_good("session", text));
  clock.time += std::chrono::days(14) - std::chrono::seconds(1);
  CHECK(is_good("session", pass));
  clock.time += std::chrono::seconds(1);
  CHECK_FALSE(is_good("session", pass));
  clock.time -= std::chrono::days(1);
  environment.secret_key = std::string(32, 'm');
  CHECK_FALSE(is_good("session", pass));
}

TEST_CASE("who was let in is known, and nobody else") {
  usecases::note_upload_sender("Bearer one");
  usecases::note_upload_sender("");
  CHECK(usecases::is_upload_sender("Bearer one"));
  CHECK_FALSE(usecases::is_upload_sender("Bearer two"));
  CHECK_FALSE(usecases::is_upload_sender(""));
}
