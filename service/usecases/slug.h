#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::usecases {

// The part of an address that stands for a title: lower-case ASCII letters, digits and single
// hyphens, at most 80 characters cut at a word, Latin letters without their marks ("Łódź 2027!" is
// "lodz-2027"). Never empty and never digits alone, which would be an id: `prefix` helps then
// ("spotkanie-2027").
std::string make_slug(std::string_view title, std::string_view prefix);

// Whether the text has the shape of a slug, an id or a TERYT: lower-case ASCII letters, digits and
// hyphens, at most 160. What has not, such as bytes that are no UTF-8, is nobody's key, and the
// database is not asked.
bool could_be_key(std::string_view text);

// `stem`, or the first of `stem-2`, `stem-3`… that is not among `taken` and names no page of ours
// in their place.
std::string free_slug(const std::string& stem, const std::vector<std::string>& taken);

}  // namespace narada::usecases
