#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace narada::usecases {

// The fields of a form as texts, each under its name: equal texts are equal values.
using FieldTexts = std::map<std::string, std::string>;

// What a form remembers of the values that it was shown with: a short digest of each field, in one
// line that a hidden field can carry.
std::string fingerprint(const FieldTexts& shown);

struct MergedFields {
  FieldTexts texts;
  std::vector<std::string> conflicts;  // changed by both, differently; `texts` has what was typed
  std::vector<std::string>
      taken_over;  // changed by somebody else alone; `texts` has what is stored
};
// Three-way merge of a form that was shown with `seen` (a fingerprint), of what was `typed` since
// and of what is `stored` now, over the fields that were typed. A field that `seen` does not know
// counts as changed on both sides. Pure.
MergedFields merge_fields(std::string_view seen, const FieldTexts& typed, const FieldTexts& stored);

}  // namespace narada::usecases
