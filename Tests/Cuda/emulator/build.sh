#!/bin/sh
# Builds the emulated libraries into a folder: build.sh FOLDER. The compiler is $CXX, else g++.
set -e
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/emulated.h" "$here/kernel.h" "$1"
for library in driver:libcuda.so.1 nvrtc:libnvrtc.so; do
  "${CXX:-g++}" -std=gnu++17 -O2 -Wall -Wextra -fPIC -shared -o "$1/${library#*:}" "$here/${library%%:*}.cpp" -ldl -lpthread
done
