#include "tests/support/reply_corpus.h"

#include <iconv.h>
#include <sodium.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace narada::testing {
namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + " cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

std::string base64(const std::string& text) {
  const auto bytes = with_crlf(text);
  std::string encoded(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), 0);
  sodium_bin2base64(encoded.data(), encoded.size(),
                    reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  encoded.pop_back();
  std::string lines;
  for (std::size_t at = 0; at < encoded.size(); at += 76) lines += encoded.substr(at, 76) + "\n";
  return lines;
}

std::string quoted_printable(const std::string& text) {
  constexpr const char* kHex = "0123456789ABCDEF";
  std::string result;
  std::size_t length = 0;
  for (const char c : text) {
    std::string one(1, c);
    const auto byte = static_cast<unsigned char>(c);
    if (c != '\n' && (byte < 0x20 || byte > 0x7E || c == '='))
      one = {'=', kHex[byte >> 4], kHex[byte & 0xF]};
    if (length + one.size() > 72 && c != '\n') {
      result += "=\n";
      length = 0;
    }
    result += one;
    length = c == '\n' ? 0 : length + one.size();
  }
  return result;
}

std::string converted(const std::string& text, const char* charset) {
  const iconv_t descriptor = iconv_open(charset, "UTF-8");
  std::string input = text;
  std::string output(text.size() * 2 + 16, '\0');
  char* from = input.data();
  char* to = output.data();
  std::size_t from_left = input.size();
  std::size_t to_left = output.size();
  const auto end = iconv(descriptor, &from, &from_left, &to, &to_left);
  iconv_close(descriptor);
  if (end == static_cast<std::size_t>(-1)) throw std::runtime_error("cannot be converted");
  output.resize(output.size() - to_left);
  return output;
}

template <class Encode>
std::string encode_blocks(std::string text, const std::string& name, Encode encode) {
  const auto begin = "{{" + name + "}}\n";
  const auto end = "{{/" + name + "}}";
  for (;;) {
    const auto from = text.find(begin);
    if (from == std::string::npos) return text;
    const auto to = text.find(end, from);
    if (to == std::string::npos) throw std::runtime_error(name + " has no end");
    const auto inside = text.substr(from + begin.size(), to - from - begin.size());
    text.replace(from, to + end.size() - from, encode(inside));
  }
}

}  // namespace

std::vector<ReplySample> load_reply_corpus(const std::filesystem::path& folder) {
  std::vector<ReplySample> samples;
  std::istringstream table(file_text(folder / "effects.txt"));
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream cells(line);
    ReplySample sample;
    cells >> sample.name >> sample.before >> sample.kind >> sample.effect >> sample.status >>
        sample.answer >> sample.told;
    if (!cells) throw std::runtime_error("effects.txt: " + line);
    sample.text = file_text(folder / (sample.name + ".eml"));
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::string fill_reply(const ReplySample& sample, const std::map<std::string, std::string>& marks) {
  std::string text = sample.text;
  for (const auto& [name, value] : marks) {
    const auto mark = "{{" + name + "}}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
      text.replace(at, mark.size(), value);
  }
  text = encode_blocks(std::move(text), "base64", base64);
  text = encode_blocks(std::move(text), "qp", quoted_printable);
  text = encode_blocks(std::move(text), "latin2",
                       [](const std::string& inside) { return converted(inside, "ISO-8859-2"); });
  text = encode_blocks(std::move(text), "cp1250",
                       [](const std::string& inside) { return converted(inside, "CP1250"); });
  return sample.name.ends_with(".lf") ? text : with_crlf(text);
}

}  // namespace narada::testing
