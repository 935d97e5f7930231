#pragma once

#include <array>
#include <string>
#include <vector>

#include "tests/http/site/matrix_world.h"

namespace narada::testing {

// One route, and the status that each reader gets. A page's row is asked in Polish and, where the
// route has a mirror, under /en as well.
//
// `call` is a method and a path, "{name}" in it one of MatrixWorld::things(). `own` says what each
// reader gets for the own thing, `foreign` for the foreign one (the same path with the name's first
// letter large); of a route about no thing there is only the first.
//
// Either nine statuses in the order of Reader, or a word for who is let in and the status they get:
//   all         everybody
//   signed-in   whoever has an account: others are asked to sign in
//   people      coordinators and organizers
//   organizers  whoever organizes anything; institutions: not if it is a cycle or meeting alone
//   catalogue   organizers of everything, and admins
//   admins      admins
// Those who are not let in get 303 to the sign-in (401 for what is sent) without an account, else
// 404 of a page; of the API 401 and 403.
struct MatrixRow {
  std::string call;
  std::string own;
  std::string foreign = {};
  // Sent with it; absent: {} to the API, a form without fields to a page.
  std::string body = {};
};
const std::vector<MatrixRow>& matrix_rows();

using Statuses = std::array<int, kReaders>;
// Throws std::invalid_argument for what is none of the above.
Statuses read_statuses(const std::string& call, const std::string& text);

}  // namespace narada::testing
