#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"

namespace narada::usecases {

// One person as somebody typed or pasted them.
struct PastedInvitee {
  int line = 0;      // on which they stand, from 1
  std::string text;  // as it stands there, to be corrected
  std::string full_name;
  std::string email;
  std::string institution;  // as typed
  std::string job_title;
  domain::FieldErrors errors;  // of full_name, email, institution, job_title

  friend bool operator==(const PastedInvitee&, const PastedInvitee&) = default;
};

inline constexpr std::size_t kMostPastedInvitees = 2000;
inline constexpr std::size_t kMostPastedOctets = 400'000;

// Takes lists as people have them:
//   jan@urzad.example
//   Jan Kowalski <jan@urzad.example>
//   Jan Kowalski <jan@urzad.example>; "Nowak, Anna" <anna@urzad.example>      (Outlook)
//   Jan Kowalski;jan@urzad.example;Gliwice;inspektor      (columns, by ; or tab or ,)
// A first line without an address that names columns says which is which; else the address is
// found by its @, and the others are name, institution and position in that order. Empty lines are
// left out; every bad row is returned with its errors. FieldErrors of "text": not_utf8, required,
// too_long, too_many.
domain::Outcome<std::vector<PastedInvitee>> parse_invitees(std::string_view text);

// What the domain of an address is probably meant to be: "gmail.com" for "gmial.com"; empty where
// nothing looks wrong.
std::string find_meant_domain(std::string_view email);

}  // namespace narada::usecases
