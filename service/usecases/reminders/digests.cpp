#include "service/usecases/reminders/digests.h"

#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <set>
#include <utility>

#include "calendar/zone.h"
#include "notifications/message_id.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/mails/unsubscribing.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/people.h"
#include "service/usecases/registrations/registration_mails.h"
#include "service/usecases/reminders/digest_words.h"
#include "sql/digest_store.h"
#include "sql/error.h"
#include "sql/inbound_mail_store.h"
#include "sql/live_person.h"
#include "sql/outgoing_mail_store.h"
#include "sql/role_store.h"

namespace narada::usecases {
namespace {

using domain::Language;
using notifications::MailKind;
using storage::DigestReader;

constexpr std::chrono::minutes kHour = std::chrono::hours(7) + std::chrono::minutes(30);
constexpr int kPeopleAtOnce = 50;
constexpr int kMostOfOneSort = 30;
constexpr std::size_t kMostLines = 40;
constexpr std::chrono::days kKept{60};

struct DigestDay {
  domain::Date today{};
  domain::Date monday{};
  domain::WallTime wall{};  // midnight of today
  bool has_come = false;
};

DigestDay day_of(domain::Instant now) {
  const auto wall = calendar::to_wall_time(now, domain::kDefaultZone);
  const auto midnight = std::chrono::floor<std::chrono::days>(wall);
  const std::chrono::weekday weekday(midnight);
  const auto since_monday = std::chrono::days(weekday.iso_encoding() - 1);
  return {domain::Date(midnight), domain::Date(midnight - since_monday), midnight,
          wall - midnight >= kHour};
}

// Eight octets of each line's key, in hexadecimal.
std::string digest_of(const std::string& key) {
  constexpr std::size_t kOctets = 8;
  std::array<char, 2 * kOctets + 1> text{};
  const std::string hash = hash_token(key);
  sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(hash.data()),
                 kOctets);
  return text.data();
}

std::string told_of(const std::vector<DigestLine>& lines) {
  std::string told;
  for (const auto& line : lines) told += digest_of(line.key) + ' ';
  return told;
}

bool is_news(const std::vector<DigestLine>& lines, const std::optional<storage::LastDigest>& last) {
  return std::any_of(lines.begin(), lines.end(), [&](const DigestLine& line) {
    return !last || last->told.find(digest_of(line.key)) == std::string::npos;
  });
}

// Lines that read the same stand once, with their number.
std::string joined(const std::vector<DigestLine>& lines, Language language) {
  std::vector<std::pair<std::string, int>> counted;
  for (const auto& line : lines) {
    const auto same = std::find_if(counted.begin(), counted.end(),
                                   [&](const auto& one) { return one.first == line.text; });
    if (same == counted.end()) {
      counted.emplace_back(line.text, 1);
    } else {
      ++same->second;
    }
  }
  std::string text;
  const auto shown = std::min(counted.size(), kMostLines);
  for (std::size_t index = 0; index < shown; ++index) {
    const auto& [line, times] = counted[index];
    text += line + (times > 1 ? " – " + std::to_string(times) : "") + '\n';
  }
  if (shown < counted.size()) {
    text += (language == Language::en ? "And more: " : "I jeszcze: ") +
            std::to_string(counted.size() - shown) + '\n';
  }
  return text;
}

std::string site_url(const Environment& environment, Language language, std::string_view path) {
  return environment.base_url + (language == Language::en ? "/en" : "") + std::string(path);
}

notifications::MailFacts facts_for(const DigestReader& reader, const DigestDay& day) {
  notifications::MailFacts facts;
  facts.kind = MailKind::digest;
  facts.language = reader.language;
  facts.to_name = reader.full_name;
  facts.to_address = reader.email;
  facts.starts = day.wall;
  facts.ends = day.wall;
  facts.tzid = domain::kDefaultZone;
  facts.all_day = true;
  return facts;
}

storage::NewMail mail_of(const Environment& environment, const DigestReader& reader,
                         const notifications::MailFacts& facts, domain::Instant now) {
  storage::NewMail mail;
  mail.message_id = notifications::make_message_id(environment.base_url);
  mail.kind = notifications::to_string(facts.kind);
  mail.priority = static_cast<int>(notifications::priority_of(facts.kind));
  mail.person = reader.person;
  mail.to_name = facts.to_name;
  mail.to_address = facts.to_address;
  mail.language = facts.language;
  mail.facts = notifications::serialize(facts);
  mail.not_before = may_leave_at(environment, facts.kind, now);
  mail.give_up_at = mail.not_before + std::chrono::hours(environment.mail_give_up_hours);
  mail.created_at = now;
  return mail;
}

Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "digests";
  return call;
}

// Writes what `decide` says in one transaction; false where another process was faster, or the
// person has been forgotten.
template <class Decide>
bool decide_once(const Environment& environment, domain::PersonId person, Decide decide) {
  const Call call = system_call();
  try {
    const auto done = run_once_for_id<domain::PersonId>(
        environment, call, "digest",
        [&](storage::Connection& connection) -> domain::Outcome<domain::PersonId> {
          if (!storage::hold_live_person(connection, person)) return domain::NotFound{};
          storage::save_digest(connection, decide(connection), environment.clock->now());
          return person;
        });
    return done.ok();
  } catch (const storage::Duplicate&) {
    return false;
  }
}

// What is known of one person's work at this moment.
class WorkDigest {
 public:
  WorkDigest(const Environment& environment, const DigestReader& reader, const DigestDay& day)
      : environment_(environment), reader_(reader), day_(day), now_(environment.clock->now()) {}

  // True: a mail has been written.
  bool decide() {
    if (reader_.wanted) read();
    bool mailed = false;
    const bool saved =
        decide_once(environment_, reader_.person, [&](storage::Connection& connection) {
          storage::DecidedDigest decided{reader_.person, "work", day(), std::nullopt,
                                         told_of(lines_)};
          mailed = is_news(lines_, last_);
          if (mailed) decided.mail = write(connection);
          return decided;
        });
    return saved && mailed;
  }

 private:
  domain::Date day() const { return reader_.weekly ? day_.monday : day_.today; }

  void read() {
    Actor actor;
    actor.kind = Actor::Kind::person;
    actor.id = reader_.person.value;
    actor.person = reader_.person;
    OfficeNews news;
    OrganizerCounts counts;
    read_database(environment_, [&](storage::Connection& connection) {
      actor.grants = storage::list_grants(connection, reader_.person);
      last_ = storage::find_last_digest(connection, reader_.person, "work");
      news = office_news(connection, actor);
      counts = organizer_counts(connection, actor);
    });
    has_panel_ = has_panel(actor);
    lines_.clear();
    if (const auto overview = load_overview(environment_, actor)) {
      lines_ = organizer_lines(overview.value(), counts, reader_.language);
    }
    for (auto& line : coordinator_lines(news, reader_.language)) lines_.push_back(std::move(line));
  }

  OfficeNews office_news(storage::Connection& connection, const Actor& actor) const {
    std::vector<domain::InstitutionId> institutions;
    for (const auto& grant : actor.grants) {
      const auto* institution = std::get_if<domain::InstitutionId>(&grant.scope);
      if (grant.role == Role::coordinator && institution) institutions.push_back(*institution);
    }
    if (institutions.empty()) return {};
    const auto since = last_ ? last_->decided_at : now_ - std::chrono::days(reader_.weekly ? 7 : 1);
    return {
        storage::list_changed_registrations(connection, institutions, since, now_, kMostOfOneSort),
        storage::list_open_places(connection, institutions, now_, kMostOfOneSort),
        storage::list_open_consents(connection, institutions, now_, kMostOfOneSort)};
  }

  OrganizerCounts organizer_counts(storage::Connection& connection, const Actor& actor) const {
    OrganizerCounts counts;
    const auto organized = domain::reach_of(actor, Action::organize);
    if (!organized.nothing()) {
      counts.open_proposals = storage::count_open_proposals(connection, organized, now_);
    }
    const auto mails = domain::reach_of(actor, Action::see_mails);
    if (!mails.nothing()) {
      storage::InboundMailSelection selection;
      selection.within = mails;
      counts.unhandled_answers = storage::count_unhandled(connection, selection);
    }
    return counts;
  }

  domain::OutgoingMailId write(storage::Connection& connection) const {
    auto facts = facts_for(reader_, day_);
    facts.ask = notifications::AskFacts{};
    facts.ask->text = joined(lines_, reader_.language);
    facts.ask->url = site_url(environment_, reader_.language, has_panel_ ? "/panel" : "/delegacja");
    facts.unsubscribe_url =
        unsubscribe_url(environment_, reader_.person, facts.kind, reader_.language);
    return storage::save_outgoing_mail(connection, mail_of(environment_, reader_, facts, now_));
  }

  const Environment& environment_;
  const DigestReader& reader_;
  const DigestDay& day_;
  const domain::Instant now_;
  bool has_panel_ = false;
  std::optional<storage::LastDigest> last_;
  std::vector<DigestLine> lines_;
};

std::string summary_text(const Environment& environment, Language language,
                         const std::vector<storage::WaitingMeeting>& meetings) {
  std::string text;
  for (const auto& meeting : meetings) {
    text += meeting.title + " (" + digest_date(meeting.times, language) +
            "): " + meeting_url(environment, meeting.slug, language) + '\n';
  }
  return text;
}

// What was announced before belongs to today's summary. What can still be taken back is told when
// its mails leave, not sooner.
domain::Instant announced_before(const Environment& environment, const DigestDay& day) {
  const auto morning = calendar::to_instant(day.wall + kHour, domain::kDefaultZone).instant;
  return std::min(morning,
                  environment.clock->now() - std::chrono::seconds(environment.hold_seconds));
}

// New meetings of somebody's topics; true: a mail has been written.
bool decide_summary(const Environment& environment, const DigestReader& reader,
                    const DigestDay& day) {
  bool mailed = false;
  const auto now = environment.clock->now();
  const bool saved = decide_once(environment, reader.person, [&](storage::Connection& connection) {
    storage::DecidedDigest decided{reader.person, "topics", day.today, std::nullopt, ""};
    const auto meetings = storage::take_waiting_announcements(
        connection, reader.person, announced_before(environment, day), now);
    mailed = reader.wanted && !meetings.empty();
    if (!mailed) return decided;
    auto facts = facts_for(reader, day);
    facts.subject = reader.language == Language::en ? "New meetings on your topics"
                                                    : "Nowe spotkania w Twoich tematach";
    facts.ask = notifications::AskFacts{};
    facts.ask->text = summary_text(environment, reader.language, meetings);
    facts.ask->url = site_url(environment, reader.language, "/kalendarz");
    facts.unsubscribe_url =
        unsubscribe_url(environment, reader.person, MailKind::meeting_announced, reader.language);
    decided.mail =
        storage::save_outgoing_mail(connection, mail_of(environment, reader, facts, now));
    return decided;
  });
  return saved && mailed;
}

}  // namespace

int send_due_digests(const Environment& environment, const std::stop_token& stopping) {
  const auto day = day_of(environment.clock->now());
  if (!day.has_come) return 0;
  int mails = 0;
  std::exception_ptr problem;
  // Who has been decided is not listed again; who fails is, and waits for the next round.
  const auto for_each = [&](auto list, auto decide) {
    std::set<domain::PersonId> failed;
    for (bool are_more = true; are_more && !stopping.stop_requested();) {
      const int at_most = kPeopleAtOnce + static_cast<int>(failed.size());
      const auto readers = read_database(
          environment, [&](storage::Connection& connection) { return list(connection, at_most); });
      are_more = readers.size() == static_cast<std::size_t>(at_most);
      for (const auto& reader : readers) {
        if (stopping.stop_requested()) return;
        if (failed.contains(reader.person)) continue;
        try {
          if (decide(reader)) ++mails;
        } catch (const std::exception&) {
          failed.insert(reader.person);  // the others do not wait for this one
          problem = std::current_exception();
        }
      }
    }
  };
  for_each(
      [&](storage::Connection& connection, int at_most) {
        return storage::list_digest_readers(connection, day.today, day.monday, at_most);
      },
      [&](const DigestReader& reader) { return WorkDigest(environment, reader, day).decide(); });
  for_each(
      [&](storage::Connection& connection, int at_most) {
        return storage::list_summary_readers(connection, day.today,
                                             announced_before(environment, day), at_most);
      },
      [&](const DigestReader& reader) { return decide_summary(environment, reader, day); });
  read_database(environment, [&](storage::Connection& connection) {
    storage::forget_digests(connection, environment.clock->now() - kKept);
  });
  if (problem) std::rethrow_exception(problem);
  return mails;
}

}  // namespace narada::usecases
