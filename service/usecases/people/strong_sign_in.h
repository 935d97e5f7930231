#pragma once

#include "service/usecases/environment.h"
#include "service/usecases/people/sessions.h"

namespace narada::usecases {

// What Environment::strong_sign_in is about: roles that do much, and sign-ins that prove much.

// A one-time code behind a password or an office's directory. A directory alone is one factor: what
// it asked for besides cannot be checked from here.
inline bool is_strong(SignInMethod method, bool second_factor) {
  return second_factor && method != SignInMethod::link;
}

inline bool is_powerful(const RoleGrant& grant) {
  return grant.role == Role::admin || grant.role == Role::organizer;
}

}  // namespace narada::usecases
