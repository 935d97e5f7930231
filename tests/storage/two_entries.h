#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "service/usecases/institutions/institution_merge.h"
#include "tests/support/registration_world.h"

namespace narada::testing {

using Lines = std::vector<std::string>;
using Counts = std::map<std::string, int>;
using Dump = std::map<std::string, Lines>;

usecases::Call by_admin();

// A world with two entries of one city, the second with rows in every table that can have any, some
// of which the first has too.
struct TwoEntries : RegistrationWorld {
  TwoEntries();

  domain::InstitutionId id_of(const std::string& slug);
  domain::InstitutionId add(const std::string& name, const std::string& slug);
  void run(const std::string& sql, const std::vector<storage::Parameter>& parameters = {});

  // `own`: 1 has what the other has, before it in order, and more.
  void fill(domain::InstitutionId institution, int own);

  // Every row of every table but the traces of the merges themselves; without versions and the
  // times of changes.
  Dump dump();

  Lines rows(const std::string& sql, const std::vector<storage::Parameter>& parameters = {});
  // How many rows of each table refer to it; tables without any are left out.
  std::map<std::string, int> links(domain::InstitutionId institution);

  // The program, the places and the aliases as an edit leaves them: the same, in new rows.
  void enter_anew();
  Lines left_behind();
  Lines names_of(domain::InstitutionId institution);
  Lines program_of(domain::InstitutionId institution);

  std::string merge(domain::InstitutionId gone, domain::InstitutionId kept);
  std::string undo(domain::InstitutionMergeId id);

  domain::InstitutionId from, into, other;
  domain::MeetingId meeting;
  domain::PersonId person;
  domain::InstitutionMergeId last;
};

}  // namespace narada::testing

template <>
struct doctest::StringMaker<narada::testing::Counts> {
  static String convert(const narada::testing::Counts& counts) {
    std::string all;
    for (const auto& [name, count] : counts) all += name + " " + std::to_string(count) + "; ";
    return all.c_str();
  }
};
template <>
struct doctest::StringMaker<narada::testing::Lines> {
  static String convert(const narada::testing::Lines& lines) {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all.c_str();
  }
};
