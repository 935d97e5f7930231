#pragma once

#include <string>
#include <string_view>

namespace narada::files::inspection {

// The text of an XML document, one line for each paragraph, table row or shared string; what
// cannot be read is left out. At most about `most` octets.
std::string text_of_xml(const std::string& xml, std::size_t most);
// Of the first element of that local name ("title"), trimmed; empty: none.
std::string find_element_text(const std::string& xml, std::string_view local_name);
// The value of the first attribute of that local name ("lang"); empty: none.
std::string find_attribute(const std::string& xml, std::string_view local_name);

}  // namespace narada::files::inspection
