using System.Reflection;
using System.Text;

namespace IlgpuXai.Jit;

/// <summary>Translated kernels on disk, so that a kernel whose binary is kept need not be translated to find it.</summary>
/// <remarks>
/// The key is not the IL but the versions of all modules it may reach (a compiler gives each build of a module its own), the method with its generic arguments, and how
/// it is translated. Kernels of assemblies that are in memory only are translated each time.
/// </remarks>
public sealed class TranslationCache(KernelCache entries)
{
    readonly Dictionary<Assembly, string?> _versions = [];
    readonly Lock _lock = new();

    /// <summary>The kernel as text, from the cache if it is there.</summary>
    /// <param name="constants">The bytes of <see cref="TranslationOptions.Constants"/> as text: part of the key.</param>
    public KernelText Translate(MethodInfo kernel, TranslationOptions options, string constants = "")
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(options);
        if (Identity(kernel) is not { } identity) return KernelTranslator.Translate(kernel, options);
        string key = KernelCache.Key("text", identity, $"{options.Language} {options.Math} {options.Restrict} {options.MaxGroupSize}", constants);
        return entries.Load(key, () => Write(KernelTranslator.Translate(kernel, options)), bytes => Read(bytes, kernel, options));
    }

    string? Identity(MethodInfo kernel)
    {
        var reached = new StringBuilder($"{Environment.Version} {Versions(typeof(KernelTranslator).Assembly)}");
        return Method(kernel) ? reached.ToString() : null;

        bool Method(MethodInfo m) => Member(m) && (m.DeclaringType is not { } type || Type(type)) && Array.TrueForAll(m.IsGenericMethod ? m.GetGenericArguments() : [], Type);

        bool Type(Type t) => Member(t) && Array.TrueForAll(t.GetGenericArguments(), Type);

        bool Member(MemberInfo m)
        {
            string? versions = Versions(m.Module.Assembly);
            reached.Append($" {m.MetadataToken:x} in {versions};");
            return versions is not null;
        }
    }

    /// <summary>The version of an assembly and of all it refers to, the runtime's own left out; null where one is not a file.</summary>
    string? Versions(Assembly assembly)
    {
        lock (_lock)
        {
            if (_versions.TryGetValue(assembly, out string? known)) return known;
            _versions[assembly] = "";                                        // on the way: an assembly that leads back here adds nothing
            return _versions[assembly] = Find(assembly);
        }
    }

    string? Find(Assembly assembly)
    {
        if (assembly.IsDynamic || (assembly.Location.Length == 0 && !IsRuntime(assembly.GetName()))) return null;
        var versions = new StringBuilder($"{assembly.ManifestModule.ModuleVersionId:n}");
        foreach (var name in assembly.GetReferencedAssemblies().Where(n => !IsRuntime(n)))
        {
            try
            {
                if (Versions(Assembly.Load(name)) is not { } referred) return null;
                versions.Append(',').Append(referred);
            }
            catch (Exception e) when (e is IOException or BadImageFormatException)
            {
                versions.Append(",absent");                                  // then no code of it can run
            }
        }
        return versions.ToString();
    }

    static bool IsRuntime(AssemblyName name) => name.Name is "netstandard" or "mscorlib" || name.Name!.StartsWith("System.", StringComparison.Ordinal);

    static byte[] Write(KernelText text)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(text.EntryPoint);
        to.Write(text.Text);
        to.Write(text.IsAutoGrouped);
        to.Write(text.UsesDynamicShared);
        to.Write(text.PassesDynamicBytes);
        to.Write(text.UsesWarps);
        to.Write(text.CarvedSharedBytes);
        to.Write(text.Parameters.Count);
        foreach (var p in text.Parameters)
        {
            to.Write(p.Index);
            to.Write(p.Name);
            to.Write(p.IsView);
            to.Write(p.PassesLength);
            to.Write(p.ElementSize);
            to.Write(p.IsWritten);
            to.Write(p.Alignment);
            to.Write(p.IsConstant);
        }
        return bytes.ToArray();
    }

    /// <exception cref="GpuException">Not what <see cref="Write"/> wrote for this kernel.</exception>
    static KernelText Read(byte[] bytes, MethodInfo kernel, TranslationOptions options)
    {
        try
        {
            var types = kernel.GetParameters();
            using var from = new BinaryReader(new MemoryStream(bytes));
            var text = new KernelText(options, from.ReadString(), from.ReadString(), [])
            {
                IsAutoGrouped = from.ReadBoolean(), UsesDynamicShared = from.ReadBoolean(), PassesDynamicBytes = from.ReadBoolean(), UsesWarps = from.ReadBoolean(), CarvedSharedBytes = from.ReadInt32(),
            };
            var parameters = new KernelParameter[Math.Min(from.ReadInt32(), types.Length)];
            for (int i = 0; i < parameters.Length; i++)
            {
                int index = from.ReadInt32();
                parameters[i] = new(index, from.ReadString(), types[index].ParameterType)
                {
                    IsView = from.ReadBoolean(), PassesLength = from.ReadBoolean(), ElementSize = from.ReadInt32(), IsWritten = from.ReadBoolean(), Alignment = from.ReadInt32(), IsConstant = from.ReadBoolean(),
                };
            }
            return text with { Parameters = parameters };
        }
        catch (Exception e) when (e is IOException or FormatException or IndexOutOfRangeException)
        {
            throw new GpuException($"the cached text of {kernel.Name} is damaged");
        }
    }
}
