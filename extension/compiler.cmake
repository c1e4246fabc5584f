# What the repository's build and the extension's own (extension/CMakeLists.txt) share.
include_guard()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
# Line numbers for backtraces; the description of every variable takes a fifth of the time of compilation.
string(REPLACE "-g " "-g1 " CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")

find_program(CCACHE ccache)
if(CCACHE)
  # Without this sloppiness, ccache would never reuse a file that is compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# What most files read, parsed once for each library. A header of this repository is not among them: a change of it would compile
# everything again. Lint compiles without precompiled headers, so that each file still includes what it uses.
set(COMMON_HEADERS <algorithm> <array> <atomic> <chrono> <deque> <functional> <map> <memory> <mutex> <optional> <set> <span>
                   <string> <string_view> <thread> <unordered_map> <unordered_set> <utility> <variant> <vector>)

# Compiles the files of each folder together, eight at a time: most of the time goes into templates that all of them use. Names in
# the anonymous namespaces of one folder must differ, then. OFF for lint, which looks at each file alone.
option(THREEFACTOR_UNITY "compile the files of a folder together" ON)
function(compile_by_folder target)
  if(NOT THREEFACTOR_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${source})
    get_filename_component(folder ${folder} DIRECTORY)
    string(MAKE_C_IDENTIFIER "${folder}" folder)
    math(EXPR count_${folder} "0${count_${folder}} + 1")
    math(EXPR batch "(${count_${folder}} - 1) / 8")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${batch})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # A class with members of a file's own types is then "in a header" for gcc.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

if(NOT PG_CONFIG)
  find_program(PG_CONFIG pg_config REQUIRED)
endif()
# The answer of pg_config to the option.
function(ask_server variable option)
  execute_process(COMMAND ${PG_CONFIG} ${option} OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} ${answer} PARENT_SCOPE)
endfunction()

# {"22012", "division_by_zero"}, ... of the server's list of SQLSTATEs; of several names the first.
function(write_condition_names file)
  ask_server(share --sharedir)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${share}/errcodes.txt)
  get_filename_component(folder ${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  execute_process(COMMAND awk [[length($1) == 5 && NF == 4 && !seen[$1]++ { printf "{\"%s\", \"%s\"},\n", $1, $4 }]]
                          ${share}/errcodes.txt OUTPUT_FILE ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
