// The whole of who may do what: every role in every scope, every action, on what the scope covers
// and on what it does not.
#include "service/domain/permissions.h"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <string>

using namespace narada::domain;

namespace {

constexpr InstitutionId kOwnInstitution{1};
constexpr InstitutionId kOtherInstitution{2};
constexpr CycleId kOwnCycle{10};
constexpr CycleId kOtherCycle{20};
constexpr MeetingId kOwnMeeting{100};
constexpr MeetingId kOtherMeeting{200};
constexpr PersonId kSelf{7};
constexpr PersonId kSomebody{8};

constexpr std::array kActions{Action::see,
                              Action::organize,
                              Action::see_numbers,
                              Action::see_participants,
                              Action::see_needs,
                              Action::decide_registration,
                              Action::see_registration,
                              Action::change_registration,
                              Action::add_material,
                              Action::see_mails,
                              Action::edit_catalogue,
                              Action::edit_practice,
                              Action::verify_practice,
                              Action::record_adoption,
                              Action::manage_people,
                              Action::see_activity,
                              Action::manage_privacy};
static_assert(kActions.size() == static_cast<std::size_t>(Action::manage_privacy) + 1);

// One letter for each action, in the order of kActions; '.' for what is refused.
constexpr std::string_view kLetters = "sonpedrctmkwvzhay";
static_assert(kLetters.size() == kActions.size());
constexpr std::string_view kAll = kLetters;
constexpr std::string_view kOfScope =
    "sonpedrctm.w.z.a.";  // an organizer, of what the scope covers
constexpr std::string_view kOfOrganizer = "sonpedrctmkwvz.a.";  // everywhere
constexpr std::string_view kLead = "s.n.....t........";         // an expert, of what they lead
constexpr std::string_view kSpeak = "...p..rc.....z...";        // a coordinator, of their people
constexpr std::string_view kOwn = "....e.rc.........";          // of one's own registration
constexpr std::string_view kPublic = "s................";
constexpr std::string_view kNone = ".................";

std::string allowed(const Actor& actor, const Thing& thing) {
  std::string letters;
  for (std::size_t index = 0; index < kActions.size(); ++index) {
    letters += can(actor, kActions[index], thing) ? kLetters[index] : '.';
  }
  return letters;
}

Actor with(std::vector<RoleGrant> grants) {
  Actor actor{Actor::Kind::person, kSelf.value, std::move(grants)};
  actor.person = kSelf;
  return actor;
}

// A draft that nothing is known of.
Thing draft() {
  Thing thing;
  thing.published = false;
  return thing;
}
Thing of(MeetingId meeting, std::optional<CycleId> cycle, std::vector<InstitutionId> responsible) {
  Thing thing = draft();
  thing.meeting = meeting;
  thing.cycle = cycle;
  thing.responsible = std::move(responsible);
  return thing;
}
Thing published(Thing thing) {
  thing.published = true;
  return thing;
}
Thing registration(Thing meeting, PersonId person, std::optional<InstitutionId> institution) {
  meeting.published = true;
  meeting.registration = RegistrationId{1000 + person.value};
  meeting.person = person;
  meeting.institution = institution;
  return meeting;
}

const std::vector<std::pair<std::string, Thing>>& things() {
  static const std::vector<std::pair<std::string, Thing>> kThings = [] {
    const Thing own = of(kOwnMeeting, kOwnCycle, {kOwnInstitution});
    const Thing foreign = of(kOtherMeeting, kOtherCycle, {kOtherInstitution});
    const Thing same_cycle = of(kOtherMeeting, kOwnCycle, {kOtherInstitution});
    const Thing same_host = of(kOtherMeeting, kOtherCycle, {kOtherInstitution, kOwnInstitution});
    Thing cycle = draft();
    cycle.cycle = kOwnCycle;
    cycle.responsible = {kOtherInstitution};
    Thing practice = draft();
    practice.responsible = {kOwnInstitution};
    return std::vector<std::pair<std::string, Thing>>{
        {"nothing", draft()},
        {"published", published(foreign)},
        {"own draft", own},
        {"foreign draft", foreign},
        {"same cycle", same_cycle},
        {"same host", same_host},
        {"the cycle", cycle},
        {"own practice", practice},
        {"registered in own", registration(own, kSomebody, kOtherInstitution)},
        {"registered in foreign", registration(foreign, kSomebody, kOtherInstitution)},
        {"own people in foreign", registration(foreign, kSomebody, kOwnInstitution)},
        {"oneself in foreign", registration(foreign, kSelf, kOtherInstitution)},
    };
  }();
  return kThings;
}

struct Row {
  std::string who;
  std::vector<RoleGrant> grants;
  std::map<std::string, std::string_view> may;  // what is left out: kNone
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"nobody", {}, {{"published", kPublic}, {"oneself in foreign", kOwn}}},
      {"official", {{Role::official, {}}}, {{"published", kPublic}, {"oneself in foreign", kOwn}}},
      {"expert everywhere is only called so",
       {{Role::expert, {}}},
       {{"published", kPublic}, {"oneself in foreign", kOwn}}},
      {"expert of the meeting",
       {{Role::expert, kOwnMeeting}},
       {{"published", kPublic}, {"own draft", kLead}, {"oneself in foreign", kOwn}}},
      {"expert of the cycle",
       {{Role::expert, kOwnCycle}},
       {{"published", kPublic},
        {"own draft", kLead},
        {"same cycle", kLead},
        {"the cycle", kLead},
        {"oneself in foreign", kOwn}}},
      {"expert of the institution",
       {{Role::expert, kOwnInstitution}},
       {{"published", kPublic},
        {"own draft", kLead},
        {"same host", kLead},
        {"own practice", kLead},
        {"oneself in foreign", kOwn}}},
      {"coordinator",
       {{Role::coordinator, kOwnInstitution}},
       {{"published", kPublic}, {"own people in foreign", kSpeak}, {"oneself in foreign", kOwn}}},
      {"coordinator of another institution",
       {{Role::coordinator, kOtherInstitution}},
       {{"published", kPublic},
        {"registered in own", kSpeak},
        {"registered in foreign", kSpeak},
        {"oneself in foreign", "...pe.rc.....z..."}}},
      {"organizer of the meeting",
       {{Role::organizer, kOwnMeeting}},
       {{"published", kPublic},
        {"own draft", kOfScope},
        {"registered in own", kOfScope},
        {"oneself in foreign", kOwn}}},
      {"organizer of the cycle",
       {{Role::organizer, kOwnCycle}},
       {{"published", kPublic},
        {"own draft", kOfScope},
        {"same cycle", kOfScope},
        {"the cycle", kOfScope},
        {"registered in own", kOfScope},
        {"oneself in foreign", kOwn}}},
      {"organizer of the institution",
       {{Role::organizer, kOwnInstitution}},
       {{"published", kPublic},
        {"own draft", kOfScope},
        {"same host", kOfScope},
        {"own practice", kOfScope},
        {"registered in own", kOfScope},
        {"oneself in foreign", kOwn}}},
  };
  return kRows;
}

}  // namespace

TEST_CASE("each role in each scope may do what the table says, and nothing else") {
  for (const Row& row : rows()) {
    const Actor actor = with(row.grants);
    for (const auto& [name, thing] : things()) {
      CAPTURE(row.who);
      CAPTURE(name);
      const auto expected = row.may.find(name);
      CHECK(allowed(actor, thing) == (expected == row.may.end() ? kNone : expected->second));
    }
  }
}

TEST_CASE("organizers of everything do all but manage people and privacy, admins everything") {
  for (const auto& [name, thing] : things()) {
    CAPTURE(name);
    CHECK(allowed(with({{Role::organizer, {}}}), thing) == kOfOrganizer);
    CHECK(allowed(with({{Role::admin, {}}}), thing) == kAll);
    CHECK(allowed(Actor{Actor::Kind::system}, thing) == kAll);
  }
}

TEST_CASE("several roles add up") {
  const Actor actor = with({{Role::expert, kOtherMeeting}, {Role::organizer, kOwnMeeting}});
  CHECK(allowed(actor, of(kOtherMeeting, kOtherCycle, {})) == kLead);
  CHECK(allowed(actor, of(kOwnMeeting, kOtherCycle, {})) == kOfScope);
  CHECK(allowed(actor, of(MeetingId{300}, kOtherCycle, {})) == kNone);
}

TEST_CASE("a role in a scope that it cannot have opens nothing") {
  const std::vector<RoleGrant> wrong{{Role::admin, kOwnInstitution},
                                     {Role::admin, kOwnMeeting},
                                     {Role::coordinator, {}},
                                     {Role::coordinator, kOwnCycle},
                                     {Role::coordinator, InstitutionId{0}},
                                     {Role::organizer, MeetingId{0}},
                                     {Role::organizer, CycleId{0}},
                                     {Role::expert, InstitutionId{0}},
                                     {Role::official, kOwnCycle}};
  Thing unsaved = draft();  // what a form describes before it is stored
  unsaved.meeting = MeetingId{0};
  unsaved.cycle = CycleId{0};
  unsaved.responsible = {InstitutionId{0}, kOwnInstitution};
  unsaved.institution = InstitutionId{0};
  Thing people =
      registration(of(kOwnMeeting, kOwnCycle, {kOwnInstitution}), kSomebody, kOwnInstitution);
  for (const RoleGrant& grant : wrong) {
    CAPTURE(to_string(grant.role));
    CHECK_FALSE(is_allowed_scope(grant.role, grant.scope));
    CHECK(allowed(with({grant}), unsaved) == kNone);
    CHECK(allowed(with({grant}), people) == kNone);
    CHECK(reach_of(with({grant}), Action::see) == Reach{});
    CHECK(reach_of(with({grant}), Action::see_participants) == Reach{});
  }
}

TEST_CASE("each role has the scopes that it may have") {
  const std::vector<RoleScope> scopes{{}, kOwnInstitution, kOwnCycle, kOwnMeeting};
  const std::map<Role, std::vector<bool>> allowed_scopes{
      {Role::admin, {true, false, false, false}},
      {Role::organizer, {true, true, true, true}},
      {Role::expert, {true, true, true, true}},
      {Role::coordinator, {false, true, false, false}},
      {Role::official, {true, false, false, false}}};
  for (const auto& [role, expected] : allowed_scopes) {
    for (std::size_t index = 0; index < scopes.size(); ++index) {
      CAPTURE(to_string(role));
      CAPTURE(index);
      CHECK(is_allowed_scope(role, scopes[index]) == expected[index]);
    }
  }
}

TEST_CASE("visitors and holders of a link have no roles, whatever is said of them") {
  const std::vector<RoleGrant> everything_granted{{Role::admin, {}}, {Role::organizer, {}}};
  Thing held = registration(of(kOwnMeeting, {}, {}), kSomebody, kOwnInstitution);
  Thing other = held;
  other.registration = RegistrationId{5};
  Actor visitor{Actor::Kind::anonymous, 0, everything_granted};
  visitor.person = kSomebody;
  CHECK(allowed(visitor, held) == kNone);
  CHECK(allowed(visitor, published(of(kOwnMeeting, {}, {}))) == kPublic);
  const Actor holder{Actor::Kind::manage, held.registration->value, everything_granted};
  CHECK(allowed(holder, held) == kOwn);
  CHECK(allowed(holder, other) == kNone);
  CHECK(allowed(holder, draft()) == kNone);
  for (const auto action : kActions) {
    CHECK(reach_of(visitor, action) == Reach{});
    CHECK(reach_of(holder, action) == Reach{});
  }
}

TEST_CASE("a person without a name of their own owns nobody's registration") {
  Actor nobody{Actor::Kind::token, 3};
  Thing nameless = draft();
  nameless.registration = RegistrationId{1};
  CHECK(allowed(nobody, nameless) == kNone);  // absent is not equal to absent
  Actor holder{Actor::Kind::manage, 0};
  CHECK(allowed(holder, draft()) == kNone);
}

TEST_CASE("a token that may only read reads what its person may see, and writes nothing") {
  for (const Row& row : rows()) {
    for (const auto& [name, thing] : things()) {
      Actor token = with(row.grants);
      token.kind = Actor::Kind::token;
      Actor reader = token;
      reader.read_only = true;
      for (const Action action : kActions) {
        CAPTURE(row.who);
        CAPTURE(name);
        CAPTURE(static_cast<int>(action));
        CHECK(can(reader, action, thing) == (is_reading(action) && can(token, action, thing)));
      }
    }
  }
  Actor admin = with({{Role::admin, {}}});
  admin.read_only = true;
  CHECK(allowed(admin, draft()) == "s.npe.r..m.....a.");
  CHECK(reach_of(admin, Action::organize) == Reach{});
  CHECK(reach_of(admin, Action::see) == everything());
}

TEST_CASE("nobody comes to another's thing by what a form says") {
  const Actor of_institution = with({{Role::organizer, kOwnInstitution}});
  const Actor of_cycle = with({{Role::organizer, kOwnCycle}});
  const Actor of_meeting = with({{Role::organizer, kOwnMeeting}});
  // Hosts rewritten so that an institution would answer for another's meeting: the meeting as it
  // stands is not theirs, whatever it would become.
  CHECK_FALSE(can(of_institution, Action::organize, of(kOtherMeeting, {}, {kOtherInstitution})));
  CHECK(can(of_institution, Action::organize, of(kOtherMeeting, {}, {kOwnInstitution})));
  // A meeting that the institution hosts does not open the cycle that it would come to.
  Thing other_cycle = draft();
  other_cycle.cycle = kOtherCycle;
  other_cycle.responsible = {kOtherInstitution};
  CHECK_FALSE(can(of_institution, Action::organize, other_cycle));
  // Away from the cycle, or from the institution, it is theirs no more.
  CHECK_FALSE(can(of_cycle, Action::organize, of(kOwnMeeting, kOtherCycle, {kOwnInstitution})));
  CHECK_FALSE(can(of_institution, Action::organize, of(kOwnMeeting, {}, {kOtherInstitution})));
  // Who runs one meeting makes no new ones, and no cycle.
  Thing created = draft();
  created.responsible = {kOwnInstitution};
  CHECK_FALSE(can(of_meeting, Action::organize, created));
  CHECK(can(of_institution, Action::organize, created));
  // To speak for people is not to run what an institution hosts.
  const Actor coordinator = with({{Role::coordinator, kOwnInstitution}});
  CHECK(allowed(coordinator, of(kOwnMeeting, kOwnCycle, {kOwnInstitution})) == kNone);
  // To host a meeting is not to see the institution's people elsewhere.
  CHECK(allowed(of_institution, registration(of(kOtherMeeting, kOtherCycle, {kOtherInstitution}),
                                             kSomebody, kOwnInstitution)) == kNone);
}

TEST_CASE("a list reaches exactly what is allowed one by one") {
  for (const Row& row : rows()) {
    const Actor actor = with(row.grants);
    for (const Action action : kActions) {
      const Reach reach = reach_of(actor, action);
      for (const auto& [name, thing] : things()) {
        if (thing.published && action == Action::see) continue;  // for everybody
        if (thing.person == kSelf) continue;                     // one's own is no reach
        const auto has = [](const auto& ids, const auto& id) {
          return id && std::find(ids.begin(), ids.end(), *id) != ids.end();
        };
        bool covered = reach.all || has(reach.meetings, thing.meeting) ||
                       has(reach.cycles, thing.cycle) || has(reach.people_of, thing.institution);
        for (const InstitutionId institution : thing.responsible) {
          covered = covered || has(reach.institutions, std::optional(institution));
        }
        // Leading a meeting says nothing of a registration.
        const bool leads_only = thing.registration &&
                                (action == Action::see || action == Action::see_numbers ||
                                 action == Action::add_material) &&
                                !can(actor, Action::organize, thing);
        CAPTURE(row.who);
        CAPTURE(name);
        CAPTURE(static_cast<int>(action));
        CHECK((covered && !leads_only) == can(actor, action, thing));
      }
    }
  }
}

TEST_CASE("the reach of each role names its scope") {
  CHECK(reach_of(with({{Role::admin, {}}}), Action::manage_privacy) == everything());
  CHECK(reach_of(with({{Role::organizer, {}}}), Action::organize) == everything());
  CHECK(reach_of(with({{Role::organizer, {}}}), Action::manage_people) == Reach{});
  CHECK(reach_of(with({{Role::official, {}}}), Action::see) == Reach{});
  Reach people;
  people.people_of = {kOwnInstitution};
  CHECK(reach_of(with({{Role::coordinator, kOwnInstitution}}), Action::see_participants) == people);
  CHECK(people.nothing());
  Reach hosted;
  hosted.institutions = {kOwnInstitution};
  CHECK(reach_of(with({{Role::organizer, kOwnInstitution}}), Action::see_participants) == hosted);
  Reach several;
  several.cycles = {kOwnCycle};
  several.meetings = {kOtherMeeting};
  CHECK(reach_of(with({{Role::expert, kOtherMeeting}, {Role::organizer, kOwnCycle}}),
                 Action::see) == several);
}

TEST_CASE("roles and actors are named as the tables name them") {
  for (const auto* name : {"admin", "organizer", "expert", "coordinator", "official"}) {
    CHECK(to_string(find_role(name).value()) == name);
  }
  CHECK_FALSE(find_role("Admin"));
  CHECK_FALSE(find_role(""));
  CHECK(Actor{}.text() == "anonymous");
  CHECK(Actor{Actor::Kind::token, 3}.text() == "token:3");
  CHECK(Actor{Actor::Kind::person, 9}.text() == "person:9");
  CHECK(Actor{Actor::Kind::manage, 4}.text() == "manage:4");
  CHECK(Actor{Actor::Kind::system}.text() == "system");
}
