using System.Reflection;
using System.Text.RegularExpressions;

namespace IlgpuXai.Tests;

/// <summary>Public members as text, so that those of two assemblies can be compared: without constraints, and a static readonly field like a property.</summary>
static partial class Signatures
{
    const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<string, string> s_words = new()
    {
        ["Int32"] = "int", ["Int64"] = "long", ["UInt32"] = "uint", ["UInt64"] = "ulong", ["Single"] = "float", ["Double"] = "double", ["Boolean"] = "bool", ["Void"] = "void",
    };

    /// <summary>For instance <c>Index1D: static Index1D op_Addition(Index1D first, Index1D second)</c>. What every type has (Equals, GetHashCode, ToString) is left out.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        foreach (var c in type.GetConstructors(Public)) yield return $"{Name(type)}: {Name(type)}({Parameters(c.GetParameters())})";
        foreach (var f in type.GetFields(Public))
            if (f.IsLiteral) yield return $"{Name(type)}: const {Name(f.FieldType)} {f.Name}";
            else yield return $"{Name(type)}: {Static(f.IsStatic)}{Name(f.FieldType)} {f.Name} {{ get; }}";
        foreach (var p in type.GetProperties(Public))
        {
            var index = p.GetIndexParameters();
            yield return $"{Name(type)}: {Static(p.GetMethod!.IsStatic)}{Name(p.PropertyType)} {(index.Length > 0 ? $"this[{Parameters(index)}]" : p.Name)} {{ get; }}";
        }
        foreach (var m in type.GetMethods(Public))
            if ((!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && m.Name is not ("Equals" or "GetHashCode" or "ToString"))
                yield return $"{Name(type)}: {Static(m.IsStatic)}{Name(m.ReturnType)} {m.Name}{Generics(m)}({Parameters(m.GetParameters(), named: !m.IsSpecialName)})";
    }

    /// <summary>The signatures in the code block of a page: types at the margin, members indented.</summary>
    public static IEnumerable<string> OfPage(IEnumerable<string> lines)
    {
        string type = "";
        foreach (string line in lines.SkipWhile(l => !l.StartsWith("```csharp", StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.StartsWith("```", StringComparison.Ordinal)))
        {
            string text = line.Split("  //")[0].TrimEnd();
            if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal)) continue;
            if (text[0] != ' ')
            {
                string name = text.Split([" : "], 2, StringSplitOptions.None)[0].Replace("static class ", "", StringComparison.Ordinal).Replace("struct ", "", StringComparison.Ordinal);
                type = name[(name.Split('<')[0].LastIndexOf('.') + 1)..];
                continue;
            }
            string member = text.Trim().Split(" where ")[0].TrimEnd(';');
            bool isField = !member.Contains('(') && !member.Contains('{');
            member = member.Replace("static readonly ", "static ", StringComparison.Ordinal);
            if (member.Contains(" op_", StringComparison.Ordinal)) member = OperandNames().Replace(member, "$1");
            yield return $"{type}: {member}{(isField ? " { get; }" : "")}";
        }
    }

    // Nobody names an operand: the names are left out.
    [GeneratedRegex(@" \w+(,|\))(?=[^<>]*(<|$))")]
    private static partial Regex OperandNames();

    static string Static(bool isStatic) => isStatic ? "static " : "";

    static string Generics(MethodInfo m) => m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "";

    static string Parameters(ParameterInfo[] parameters, bool named = true) =>
        string.Join(", ", parameters.Select(p => $"{(p.IsOut ? Name(p.ParameterType).Replace("ref ", "out ", StringComparison.Ordinal) : Name(p.ParameterType))}{(named ? $" {p.Name}" : "")}"));

    static string Name(Type type)
    {
        if (type.IsByRef) return $"ref {Name(type.GetElementType()!)}";
        if (type.IsPointer) return $"{Name(type.GetElementType()!)}*";
        if (s_words.TryGetValue(type.Name, out string? word)) return word;
        string name = type.IsNested && !type.IsGenericParameter ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
