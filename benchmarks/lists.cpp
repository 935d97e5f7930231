// A long list of registrations.
//   narada_bench_lists fill OWNER-URL COUNT        people, registrations of the last four meetings,
//                                                  an organizer whose session's cookie it prints
//   narada_bench_lists bare DATABASE-URL SECONDS   the same rows by bare SQL → JSON

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "service/domain/time.h"
#include "service/usecases/environment.h"
#include "sql/pool.h"

namespace {

using namespace narada;
using Seconds = std::chrono::duration<double>;

constexpr int kMeetings = 4;
constexpr int kPage = 50;

void fill_people(storage::Connection& connection, int count, domain::Instant now) {
  // The names begin with a digest, so that they do not come in the order of the ids.
  connection.execute(
      "INSERT INTO person (full_name, email, name_key, email_key, position, institution_id, "
      "created_at, updated_at) SELECT CONCAT('Osoba ', MD5(seq)), CONCAT('osoba', seq, "
      "'@bench.example'), CONCAT('osoba ', MD5(seq)), CONCAT('osoba', seq, '@bench.example'), "
      "'inspektor', (SELECT MIN(id) FROM institution) + seq % 40, ?, ? FROM seq_1_to_" +
          std::to_string(count),
      {now, now});
}

void fill_registrations(storage::Connection& connection, domain::Instant now) {
  connection.execute(
      "INSERT INTO registration (meeting_id, person_id, institution_id, status, mode, "
      "queue_number, "
      "position, question, clause_version, created_at, updated_at, confirmed_at) "
      "SELECT m.id, p.id, p.institution_id, 'confirmed', 'onsite', p.id, p.position, "
      "'Jak utrzymać zieleń przy przystankach, gdy brakuje ludzi i wody?', 1, ?, ?, ? "
      "FROM person p JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY starts DESC, id) AS number "
      "FROM meeting WHERE status = 'published' ORDER BY starts DESC, id LIMIT ?) m ON m.number = "
      "p.id % ? + 1 "
      "WHERE p.email LIKE '%@bench.example'",
      {now, now, now, kMeetings, kMeetings});
}

std::string begin_session(storage::Connection& connection, domain::Instant now) {
  const std::string token = usecases::make_token();
  const auto person = connection.insert(
      "INSERT INTO person (full_name, email, name_key, email_key, created_at, updated_at, "
      "email_proved_at) VALUES ('Olga Organizator', 'olga@organizer.example', 'olga organizator', "
      "'olga@organizer.example', ?, ?, ?) RETURNING id",
      {now, now, now});
  connection.execute(
      "INSERT INTO person_role (person_id, role, granted_at) VALUES (?, 'organizer', ?)",
      {person, now});
  connection.execute(
      "INSERT INTO session (token_hash, person_id, state, method, created_at, last_seen_at, "
      "expires_at) VALUES (?, ?, 'open', 'link', ?, ?, ?)",
      {usecases::hash_token(token), person, now, now, now + std::chrono::hours(24)});
  return token;
}

void fill(storage::Pool& pool, int count) {
  const auto now = domain::SystemClock().now();
  const auto token = pool.transact([&](storage::Connection& connection) {
    fill_people(connection, count, now);
    fill_registrations(connection, now);
    return begin_session(connection, now);
  });
  fmt::print("{}\n", token);
}

// What the list shows, of the registrations in `from`, in one statement.
std::string bare_select(std::string_view from, std::string_view order) {
  return fmt::format(
      "SELECT r.id, p.full_name, i.name, m.title, m.starts, r.mode, r.status, r.created_at "
      "FROM {} JOIN person p ON p.id = r.person_id JOIN meeting m ON m.id = r.meeting_id "
      "LEFT JOIN institution i ON i.id = r.institution_id ORDER BY {}",
      from, order);
}

// Sorting what a page does not show is the least that it costs without an index on names.
constexpr std::string_view kOnePage =
    "(SELECT sr.id FROM registration sr JOIN person sp ON sp.id = sr.person_id "
    "ORDER BY sp.full_name, sr.id LIMIT ?) page JOIN registration r ON r.id = page.id";

// The shortest of as many runs as there is time for.
template <class Work>
double best_seconds(double seconds, Work work) {
  const auto end = std::chrono::steady_clock::now() + Seconds(seconds);
  double best = 1e9;
  do {
    const auto begun = std::chrono::steady_clock::now();
    work();
    best = std::min(best, Seconds(std::chrono::steady_clock::now() - begun).count());
  } while (std::chrono::steady_clock::now() < end);
  return best;
}

void measure_bare(storage::Pool& pool, double seconds) {
  auto connection = pool.lease();
  const double page = best_seconds(
      seconds, [&] { connection->query(bare_select(kOnePage, "p.full_name, r.id"), {kPage + 1}); });
  std::size_t rows = 0;
  const double all = best_seconds(seconds, [&] {
    rows = connection->query(bare_select("registration r", "r.id DESC")).size();
  });
  fmt::print("{{\"page_ms\": {}, \"rows_per_second\": {}, \"rows\": {}}}\n", page * 1e3,
             static_cast<double>(rows) / all, rows);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc == 4 ? argv[1] : "";
  if (command != "fill" && command != "bare") {
    std::cerr << "usage: narada_bench_lists fill DATABASE-URL COUNT | bare DATABASE-URL SECONDS\n";
    return 2;
  }
  storage::Pool pool(storage::parse_database_address(argv[2]));
  if (command == "fill") {
    fill(pool, std::atoi(argv[3]));
  } else {
    measure_bare(pool, std::atof(argv[3]));
  }
}
