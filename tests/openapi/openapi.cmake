# The description of the API is lint-clean; a damaged copy of it is not.
set(lint_openapi ${NODE} ${CMAKE_SOURCE_DIR}/node_modules/@redocly/cli/bin/cli.js lint
  --config ${CMAKE_CURRENT_LIST_DIR}/redocly.yaml)
set(openapi_document ${CMAKE_SOURCE_DIR}/service/http/api/openapi.json)
file(READ ${openapi_document} damaged_openapi)
string(REPLACE "#/components/schemas/Problem\"" "#/components/schemas/Lost\"" damaged_openapi "${damaged_openapi}")
file(WRITE ${CMAKE_BINARY_DIR}/openapi/damaged.json "${damaged_openapi}")
add_test(NAME openapi-lint COMMAND ${lint_openapi} ${openapi_document})
add_test(NAME openapi-lint-control COMMAND ${lint_openapi} ${CMAKE_BINARY_DIR}/openapi/damaged.json)
set_tests_properties(openapi-lint openapi-lint-control PROPERTIES LABELS scripts TIMEOUT 600
  ENVIRONMENT "REDOCLY_TELEMETRY=off;REDOCLY_SUPPRESS_UPDATE_NOTICE=true;CI=true")
set_tests_properties(openapi-lint-control PROPERTIES WILL_FAIL TRUE)
