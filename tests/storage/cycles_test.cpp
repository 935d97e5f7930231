#include "service/usecases/meetings/cycles.h"

#include <doctest/doctest.h>

#include "service/usecases/catalogue_cache.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/registrations/registrations.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::CycleRole;
using domain::CycleStatus;
using domain::MeetingStatus;

namespace {

CycleForm cycle_form() {
  CycleForm form;
  form.title = "Zieleń w mieście";
  form.summary = "Sześć warsztatów";
  form.challenge = "Upał";
  form.goal = "Cień";
  form.effects = {"prototyp", "regulamin"};
  form.materials = {"podręcznik"};
  form.participants_text = {"urzędnicy z 10 gmin"};
  form.published_period = "maj 2027 – czerwiec 2027";
  form.published_meeting_count = 6;
  form.source_urls = {"https://example.org/a", "https://example.org/b"};
  form.practice_url = "https://example.org/p";
  form.caveat = "źródła rozbieżne";
  form.institutions = {{"2462011", CycleRole::challenge_owner},
                       {"2462011", CycleRole::pilot},
                       {"2477011", CycleRole::participant}};
  for (const char* day : {"2027-05-18", "2027-06-15"}) {
    auto session = Catalogue::meeting_form("", day);
    session.places = {{"Ratusz", "", "", "2462011", {}}};
    form.meetings.push_back(session);
  }
  return form;
}

struct CycleCatalogue : Catalogue {
  CycleCatalogue() {
    add_municipality("Bytom", "2462011");
    add_municipality("Tychy", "2477011");
  }
  domain::Cycle add_cycle(const CycleForm& form) {
    auto cycle = create_cycle(environment, organizer, form);
    REQUIRE(cycle);
    return *cycle;
  }
};

std::vector<std::string> titles(const std::vector<domain::MeetingSummary>& meetings) {
  std::vector<std::string> titles;
  for (const auto& meeting : meetings) titles.push_back(meeting.title);
  return titles;
}

std::vector<std::string> titles(const PageOf<domain::CycleSummary>& page) {
  std::vector<std::string> titles;
  for (const auto& cycle : page.items) titles.push_back(cycle.title);
  return titles;
}

}  // namespace

TEST_CASE("a cycle is created with its sessions as drafts and found again as typed") {
  CycleCatalogue catalogue;
  const auto form = cycle_form();
  const auto cycle = catalogue.add_cycle(form);
  CHECK(cycle.slug == "zielen-w-miescie");
  CHECK(cycle.status == CycleStatus::draft);
  CHECK(titles(cycle.meetings) == std::vector<std::string>{"Zieleń w mieście – spotkanie 1",
                                                           "Zieleń w mieście – spotkanie 2"});
  CHECK(cycle.meetings[1].session_number == 2);
  CHECK(cycle.meetings[1].status == MeetingStatus::draft);
  CHECK(cycle.owners.size() == 1);
  auto expected = form;
  expected.meetings.clear();
  const auto again = load_cycle_form(catalogue.environment, catalogue.organizer.actor, cycle.id);
  REQUIRE(again);
  CHECK(again->title == expected.title);
  CHECK(again->effects == expected.effects);
  CHECK(again->materials == expected.materials);
  CHECK(again->participants_text == expected.participants_text);
  CHECK(again->source_urls == expected.source_urls);
  CHECK(again->published_period == expected.published_period);
  CHECK(again->published_meeting_count == 6);
  CHECK(again->caveat == expected.caveat);
  REQUIRE(again->institutions.size() == 3);
  CHECK(again->institutions[1].role == CycleRole::pilot);
  CHECK(again->institutions[2].institution == "2477011");
}

TEST_CASE("nothing of a cycle stays when one of its sessions breaks a rule") {
  CycleCatalogue catalogue;
  auto form = cycle_form();
  form.title = "";
  form.institutions.push_back({"9999999", CycleRole::host});
  form.source_urls.push_back("ftp://example.org");
  form.meetings[1].ends = form.meetings[1].starts;
  form.meetings[1].title = "Tytuł";
  form.meetings[1].places[0].name = "";
  CHECK(errors_of(create_cycle(catalogue.environment, catalogue.organizer, form)) ==
        std::vector<std::string>{"title: required", "source_urls[2]: invalid_url",
                                 "institutions[3]: unknown_institution",
                                 "meetings[1].ends_at: ends_before_start",
                                 "meetings[1].places[0].name: required"});
  CHECK(list_cycles(catalogue.environment, catalogue.organizer.actor, {}, {}).items.empty());
  CHECK(list_meetings(catalogue.environment, catalogue.organizer.actor, {}, {}).items.empty());
  form = cycle_form();
  form.meetings.resize(61, form.meetings.front());
  CHECK(errors_of(create_cycle(catalogue.environment, catalogue.organizer, form)) ==
        std::vector<std::string>{"meetings: too_many"});
}

TEST_CASE("publishing a cycle publishes its sessions, twice as once, and later drafts too") {
  CycleCatalogue catalogue;
  const auto draft = catalogue.add_cycle(cycle_form());
  CHECK(failed_with<domain::NotFound>(
      find_cycle(catalogue.environment, catalogue.visitor, draft.slug)));
  CHECK(list_cycles(catalogue.environment, catalogue.visitor, {}, {}).items.empty());
  const auto published = publish_cycle(catalogue.environment, catalogue.organizer, draft.id);
  REQUIRE(published);
  CHECK(published->status == CycleStatus::published);
  CHECK(published->meeting_count == 2);
  const auto seen = find_cycle(catalogue.environment, catalogue.visitor, draft.slug);
  REQUIRE(seen);
  CHECK(seen->meetings.size() == 2);
  CHECK(seen->first_starts == wall("2027-05-18T10:00"));
  CHECK(seen->last_ends == wall("2027-06-15T14:00"));
  const auto twice = publish_cycle(catalogue.environment, catalogue.organizer, draft.id);
  REQUIRE(twice);
  CHECK(twice->version == published->version);

  auto third = Catalogue::meeting_form("Trzecie", "2027-07-20");
  third.cycle = draft.slug;
  third.session_number = 3;
  catalogue.add_meeting(third);
  CHECK(find_cycle(catalogue.environment, catalogue.visitor, draft.slug)->meetings.size() == 2);
  CHECK(publish_cycle(catalogue.environment, catalogue.organizer, draft.id)->meetings.size() == 3);
  CHECK(find_meeting(catalogue.environment, catalogue.visitor, "trzecie")->cycle_sessions.size() ==
        3);
}

TEST_CASE("a published meeting does not tell of the draft cycle it belongs to") {
  CycleCatalogue catalogue;
  const auto cycle = catalogue.add_cycle(cycle_form());
  const auto& session = cycle.meetings.front();
  REQUIRE(publish_meeting(catalogue.environment, catalogue.organizer, session.id));
  const auto seen = find_meeting(catalogue.environment, catalogue.visitor, session.slug);
  REQUIRE(seen);
  CHECK_FALSE(seen->cycle);
  CHECK(seen->cycle_sessions.empty());
  const auto listed = list_meetings(catalogue.environment, catalogue.visitor, {}, {});
  REQUIRE(listed.items.size() == 1);
  CHECK_FALSE(listed.items.front().cycle);
  CHECK(find_meeting(catalogue.environment, catalogue.organizer.actor, session.slug)->cycle);
}

TEST_CASE("the next session is the first that has not begun and is not cancelled") {
  CycleCatalogue catalogue;
  const auto cycle = catalogue.add_cycle(cycle_form());
  REQUIRE(publish_cycle(catalogue.environment, catalogue.organizer, cycle.id));
  const auto next = [&] {
    return find_cycle(catalogue.environment, catalogue.visitor, cycle.slug)->next_starts;
  };
  CHECK(next() == wall("2027-05-18T10:00"));
  REQUIRE(cancel_meeting(catalogue.environment, catalogue.organizer, cycle.meetings[0].id, "x"));
  CHECK(next() == wall("2027-06-15T10:00"));
  CHECK(find_cycle(catalogue.environment, catalogue.visitor, cycle.slug)->meeting_count == 1);
  CHECK(find_cycle(catalogue.environment, catalogue.visitor, cycle.slug)->meetings.size() == 2);
  catalogue.clock.move_to("2027-06-15T10:00:01+02:00");
  CHECK_FALSE(next());
}

TEST_CASE("an edit of a cycle keeps its sessions and its address") {
  CycleCatalogue catalogue;
  const auto cycle = catalogue.add_cycle(cycle_form());
  auto form = *load_cycle_form(catalogue.environment, catalogue.organizer.actor, cycle.id);
  form.title = "Inny";
  form.effects = {};
  const auto changed =
      change_cycle(catalogue.environment, catalogue.organizer, cycle.id, cycle.version, form);
  REQUIRE(changed);
  CHECK(changed->title == "Inny");
  CHECK(changed->slug == cycle.slug);
  CHECK(changed->effects.empty());
  CHECK(changed->meetings.size() == 2);
  CHECK(failed_with<domain::Stale>(
      change_cycle(catalogue.environment, catalogue.organizer, cycle.id, cycle.version, form)));
}

TEST_CASE("cycles are filtered by what they are and what they have") {
  CycleCatalogue catalogue;
  auto first = cycle_form();
  first.title = "Pierwszy";
  auto second = cycle_form();
  second.title = "Drugi";
  second.institutions = {{"2477011", CycleRole::challenge_owner}};
  second.meetings.clear();
  for (const auto* form : {&first, &second}) {
    REQUIRE(
        publish_cycle(catalogue.environment, catalogue.organizer, catalogue.add_cycle(*form).id));
  }
  const auto listed = [&](auto set) {
    CycleFilter filter;
    set(filter);
    return titles(list_cycles(catalogue.environment, catalogue.visitor, filter, {}));
  };
  using Titles = std::vector<std::string>;
  CHECK(listed([](auto&) {}) == Titles{"Drugi", "Pierwszy"});
  CHECK(listed([](auto& f) { f.institution = "2462011"; }) == Titles{"Pierwszy"});
  CHECK(listed([](auto& f) { f.running_only = true; }) == Titles{"Pierwszy"});
  CHECK(listed([](auto& f) { f.q = "drug"; }) == Titles{"Drugi"});
  CHECK(listed([](auto& f) { f.topic = "nic"; }) == Titles{});
  CHECK(listed([](auto& f) { f.status = CycleStatus::draft; }) == Titles{});
  const auto page =
      list_cycles(catalogue.environment, catalogue.visitor, {}, {.limit = 1, .cursor = {}});
  REQUIRE(page.next);
  CHECK(titles(list_cycles(catalogue.environment, catalogue.visitor, {},
                           {.limit = 1, .cursor = page.next})) == Titles{"Pierwszy"});
}

TEST_CASE("a page of 30 cycles issues as many statements as a page of one") {
  CycleCatalogue catalogue;
  const auto pool = std::make_unique<storage::Pool>(catalogue.database.address(),
                                                    storage::PoolOptions{.size = 1});
  catalogue.environment.pool = pool.get();
  const auto statements_of_a_page = [&] {
    const auto before = pool->lease()->statements();
    static_cast<void>(list_cycles(catalogue.environment, catalogue.visitor, {}, {}));
    return pool->lease()->statements() - before;
  };
  const auto add = [&] {
    REQUIRE(publish_cycle(catalogue.environment, catalogue.organizer,
                          catalogue.add_cycle(cycle_form()).id));
  };
  add();
  statements_of_a_page();
  const auto for_one = statements_of_a_page();
  for (int number = 2; number <= 30; ++number) add();
  CHECK(list_cycles(catalogue.environment, catalogue.visitor, {}, {}).items.size() == 30);
  CHECK(statements_of_a_page() == for_one);
  CHECK(for_one == 2);
}

TEST_CASE("a plan warns of holidays and of what else is on that day") {
  CycleCatalogue catalogue;
  catalogue.add_published_meeting(Catalogue::meeting_form("Sesja rady", "2027-02-16"));
  catalogue.add_meeting(Catalogue::meeting_form("Szkic na ten dzień", "2027-02-16"));
  domain::Plan plan;
  plan.first = domain::Date{std::chrono::year{2027}, std::chrono::month{1}, std::chrono::day{1}};
  plan.count = 3;
  const auto planned = plan_cycle(catalogue.environment, catalogue.organizer.actor, plan);
  REQUIRE(planned);
  REQUIRE(planned->size() == 3);
  CHECK((*planned)[0].starts == wall("2027-01-19T10:00"));
  CHECK((*planned)[0].warnings.empty());
  CHECK((*planned)[1].warnings ==
        std::vector<domain::PlanWarning>{{"collision", "Sesja rady"},
                                         {"collision", "Szkic na ten dzień"}});
  plan.tzid = "Europe/Bytom";
  plan.count = 0;
  CHECK(errors_of(plan_cycle(catalogue.environment, catalogue.organizer.actor, plan)) ==
        std::vector<std::string>{"count: out_of_range", "tzid: unknown_zone"});
  CHECK(failed_with<domain::Forbidden>(plan_cycle(catalogue.environment, catalogue.visitor, plan)));
}
