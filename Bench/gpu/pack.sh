#!/bin/sh
# Packs the program, the tests and the benchmarks with their runtime: pack.sh [FOLDER] leaves FOLDER/ilgpuxai-gpu.tar.xz (or .zst, .gz), at most 40 MiB.
# A machine with an NVIDIA driver, NVRTC and Python 3 runs it with run.sh; it needs no SDK.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$(mkdir -p "${1:-.}" && cd "${1:-.}" && pwd)
limit=$((40 * 1024 * 1024))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=$work/ilgpuxai-gpu
mkdir -p "$top/Tests/Xai"

# One folder, one runtime: the project of the tests refers to the others. Of the framework only what they use is published;
# their own assemblies are whole, because tests and the translator of kernels read them by reflection.
# Without a list of dependencies the programs take what lies beside them, so files that no part needs may go.
dotnet publish "$root/Tests" -c Release -r linux-x64 --self-contained -p:Packed=true -o "$top/bin" -v quiet --nologo -p:GenerateDependencyFile=false
cd "$top/bin"
rm -f ./*.pdb ./*.deps.json createdump libclrgc*.so libmscordbi.so libmscordaccore.so libcoreclrtraceptprovider.so
rm -rf Microsoft.Diagnostics.* Microsoft.TestPlatform* Microsoft.VisualStudio* Microsoft.CodeCoverage* Microsoft.Testing.* Microsoft.ApplicationInsights* Microsoft.VisualBasic* \
    testhost* NUnit3.TestAdapter* nunit.engine* testcentric.* *apstone* Iced.dll Dia2Lib* OSExtensions* TraceReloggerLib* WindowsBase.dll \
    CodeCoverage alpine macos ubuntu x64 amd64 x86 arm64 runtimes cs de es fr it ja ko pl pt-BR ru tr zh-Hans zh-Hant

cp -r "$root/weights" "$top/"
cp -r "$root/Tests/Xai/Goldens" "$top/Tests/Xai/"
cp "$root/IlgpuXai.sln" "$top/"                       # by it the tests find their files
mkdir -p "$top/Bench" && cp -r "$root/Bench/gpu" "$top/Bench/"
rm -rf "$top"/Bench/gpu/*.cs "$top/Bench/gpu/__pycache__"

if command -v xz > /dev/null; then archive=$out/ilgpuxai-gpu.tar.xz; tar -C "$work" -cf - ilgpuxai-gpu | xz -6 > "$archive"
elif command -v zstd > /dev/null; then archive=$out/ilgpuxai-gpu.tar.zst; tar -C "$work" -cf - ilgpuxai-gpu | zstd -q -19 > "$archive"
else archive=$out/ilgpuxai-gpu.tar.gz; tar -C "$work" -cf - ilgpuxai-gpu | gzip -9 > "$archive"
fi
size=$(wc -c < "$archive")
echo "$archive: $size bytes, $((size * 10 / 1048576 / 10)).$((size * 10 / 1048576 % 10)) MiB"
[ "$size" -le "$limit" ] || { echo "pack.sh: $archive has more than 40 MiB" >&2; exit 1; }
