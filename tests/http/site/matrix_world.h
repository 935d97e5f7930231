#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "tests/http/site/whole_site.h"

namespace narada::testing {

// Who asks, in the order of the table's columns. What is "own" stands around institution I
// (Gliwice), cycle A and its meetings; what is "foreign" around another institution and cycle B.
enum class Reader {
  visitor,
  holder,          // of the link of the own registration
  official,        // whose registration and enrolment the own ones are
  expert,          // of the meetings of A, the draft among them
  coordinator,     // of institution I
  of_cycle,        // organizer of cycle A and of the own draft cycle
  of_institution,  // organizer of institution I, which owns A and hosts its meetings
  organizer,       // everywhere
  admin,
};
inline constexpr std::size_t kReaders = static_cast<std::size_t>(Reader::admin) + 1;
inline constexpr std::array<const char*, kReaders> kReaderNames{
    "visitor",  "holder",         "official",  "expert", "coordinator",
    "of_cycle", "of_institution", "organizer", "admin"};

// Words that nobody finds but those who may see the thing that holds them.
struct Canaries {
  std::string name, email, needs, question, draft, online;
};

// A site with two of everything, and somebody of each kind to ask for it.
class MatrixWorld {
 public:
  MatrixWorld();

  WholeSite& site() { return site_; }
  // What stands for "{m}" (own) and "{M}" (foreign) in a path of the table.
  const std::map<std::string, std::string>& things() const { return things_; }
  domain::PersonId person(Reader reader) const { return people_.at(reader); }
  bool has_person(Reader reader) const { return people_.count(reader) != 0; }
  const std::string& bearer(Reader reader) const { return bearers_.at(reader); }
  const std::string& manage_token() const { return things_.at("z"); }
  // What must never stand in an answer to this reader.
  std::vector<std::string> hidden_from(Reader reader) const;

 private:
  void add_side(bool own);
  void add_catalogue(bool own);
  void add_materials(bool own, domain::MeetingId meeting);
  void enrol(bool own);
  void add_readers();
  void name(const std::string& key, bool own, const std::string& value);

  WholeSite site_;
  std::map<std::string, std::string> things_;
  std::map<Reader, domain::PersonId> people_;
  std::map<Reader, std::string> bearers_;
  Canaries own_, foreign_;
};

}  // namespace narada::testing
