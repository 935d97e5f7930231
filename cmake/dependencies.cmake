# Every third-party library, each as one imported target. The packages they come from are listed in
# apt-packages.txt, the only other place that names them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(LibIcal REQUIRED)
pkg_check_modules(PISTACHE REQUIRED IMPORTED_TARGET libpistache)
pkg_check_modules(GMIME REQUIRED IMPORTED_TARGET gmime-3.0)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(CTEMPLATE REQUIRED IMPORTED_TARGET libctemplate)
pkg_check_modules(CMARK REQUIRED IMPORTED_TARGET libcmark)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-i18n icu-uc)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(OATH REQUIRED IMPORTED_TARGET liboath)
pkg_check_modules(JOSE REQUIRED IMPORTED_TARGET jose)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(MAGIC REQUIRED IMPORTED_TARGET libmagic)
pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)

# Connector/C++ 1.1 ships neither a CMake package nor a pkg-config file.
find_path(MYSQLCPP_INCLUDE_DIR mysql_driver.h REQUIRED)
find_library(MYSQLCPP_LIBRARY mysqlcppconn REQUIRED)
add_library(mysqlcppconn SHARED IMPORTED)
set_target_properties(mysqlcppconn PROPERTIES
  IMPORTED_LOCATION "${MYSQLCPP_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${MYSQLCPP_INCLUDE_DIR}")
