#pragma once

#include <string_view>

namespace narada::identity {

// True for a password that guessing tries early: one of the words that stand behind most leaked
// passwords, alone or with digits and signs around it or in the place of letters, a word or a few
// characters repeated, a row of the keyboard or of the alphabet. `folded` is in lower case.
bool is_common_password(std::string_view folded);

}  // namespace narada::identity
