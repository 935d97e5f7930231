# cmake -DINPUT=openapi.json -DOUTPUT=openapi_text.cpp -P embed_openapi.cmake
# The document as a string of the program, so that what is served is what was built and tested.
file(READ "${INPUT}" document HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${document}")
string(REGEX REPLACE "(('[^']*',){20})" "\\1\n    " bytes "${bytes}")
file(WRITE "${OUTPUT}"
"#include \"service/http/api/openapi_text.h\"\n\n"
"namespace narada::http::api {\n"
"namespace {\n"
"constexpr char kBytes[] = {\n    ${bytes}'\\0'};\n"
"}  // namespace\n\n"
"const std::string_view kOpenapiText{kBytes, sizeof(kBytes) - 1};\n\n"
"}  // namespace narada::http::api\n")
