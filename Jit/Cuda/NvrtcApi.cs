using System.Runtime.InteropServices;

namespace IlgpuXai.Jit;

/// <summary><c>nvrtcResult</c>: those that are told apart here.</summary>
enum NvrtcStatus
{
    Success = 0,
    Compilation = 6,
}

/// <summary>The functions of NVIDIA's run-time compiler that are used here, by the names and types of <c>nvrtc.h</c> (CUDA 11.2 and later).</summary>
sealed unsafe class NvrtcApi
{
    readonly delegate* unmanaged<NvrtcStatus, byte*> _errorString;

    public readonly delegate* unmanaged<int*, int*, NvrtcStatus> Version;
    public readonly delegate* unmanaged<int*, NvrtcStatus> GetNumSupportedArchs, GetSupportedArchs;
    public readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, NvrtcStatus> CreateProgram;      // program, text, name, headers
    public readonly delegate* unmanaged<nint, int, byte**, NvrtcStatus> CompileProgram;
    public readonly delegate* unmanaged<nint*, NvrtcStatus> DestroyProgram;
    public readonly delegate* unmanaged<nint, nuint*, NvrtcStatus> GetCubinSize, GetPtxSize, GetLogSize;
    public readonly delegate* unmanaged<nint, byte*, NvrtcStatus> GetCubin, GetPtx, GetLog;

    /// <param name="library">A loaded one.</param>
    /// <exception cref="EntryPointNotFoundException">It is no NVRTC of this age.</exception>
    public NvrtcApi(nint library)
    {
        nint At(string symbol) => NativeLibrary.GetExport(library, symbol);
        _errorString = (delegate* unmanaged<NvrtcStatus, byte*>)At("nvrtcGetErrorString");
        Version = (delegate* unmanaged<int*, int*, NvrtcStatus>)At("nvrtcVersion");
        GetNumSupportedArchs = (delegate* unmanaged<int*, NvrtcStatus>)At("nvrtcGetNumSupportedArchs");
        GetSupportedArchs = (delegate* unmanaged<int*, NvrtcStatus>)At("nvrtcGetSupportedArchs");
        CreateProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, NvrtcStatus>)At("nvrtcCreateProgram");
        CompileProgram = (delegate* unmanaged<nint, int, byte**, NvrtcStatus>)At("nvrtcCompileProgram");
        DestroyProgram = (delegate* unmanaged<nint*, NvrtcStatus>)At("nvrtcDestroyProgram");
        GetCubinSize = (delegate* unmanaged<nint, nuint*, NvrtcStatus>)At("nvrtcGetCUBINSize");
        GetCubin = (delegate* unmanaged<nint, byte*, NvrtcStatus>)At("nvrtcGetCUBIN");
        GetPtxSize = (delegate* unmanaged<nint, nuint*, NvrtcStatus>)At("nvrtcGetPTXSize");
        GetPtx = (delegate* unmanaged<nint, byte*, NvrtcStatus>)At("nvrtcGetPTX");
        GetLogSize = (delegate* unmanaged<nint, nuint*, NvrtcStatus>)At("nvrtcGetProgramLogSize");
        GetLog = (delegate* unmanaged<nint, byte*, NvrtcStatus>)At("nvrtcGetProgramLog");
    }

    /// <exception cref="GpuException">The status is not a success.</exception>
    public void Check(NvrtcStatus status, string doing)
    {
        if (status != NvrtcStatus.Success) throw new GpuException($"NVRTC, {doing}: {Words(status)}");
    }

    public string Words(NvrtcStatus status) => Marshal.PtrToStringUTF8((nint)_errorString(status)) ?? $"error {(int)status}";
}
