using System.Runtime.CompilerServices;

namespace IlgpuXai.Simt;

enum Access { Read, Write, Atomic }

/// <summary>Checked mode: what <see cref="AccessReporter"/> writes in place of, or before, loads and stores.</summary>
static unsafe class AccessIntrinsics
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    internal static T Load<T>(ref T place, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged
    {
        group.Shadow!.Touch(Unsafe.AsPointer(ref place), sizeof(T), site, t, Access.Read);
        return place;
    }

    [MethodImpl(Inline)]
    internal static void Store<T>(ref T place, T value, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged
    {
        group.Shadow!.Touch(Unsafe.AsPointer(ref place), sizeof(T), site, t, Access.Write);
        place = value;
    }

    internal static void Reads<T>(ref T place, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        group.Shadow!.Touch(Unsafe.AsPointer(ref place), sizeof(T), site, t, Access.Read);

    internal static void Writes<T>(ref T place, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        group.Shadow!.Touch(Unsafe.AsPointer(ref place), sizeof(T), site, t, Access.Write);

    internal static void Updates<T>(ref T place, int site, GroupRunner group, ThreadFrame* t) where T : unmanaged =>
        group.Shadow!.Touch(Unsafe.AsPointer(ref place), sizeof(T), site, t, Access.Atomic);
}
