namespace IlgpuXai.Tests.RandomKernels;

enum Passing { Value, Ref, Out, In, View }

/// <param name="Element">Of a view or struct: its word.</param>
sealed record Parameter(Passing Passing, Scalar Type, string? Element = null);

/// <summary>A function that expressions may call.</summary>
/// <param name="Writes">It writes the elements of the view it takes.</param>
sealed record Helper(string Name, Scalar Result, Parameter[] Parameters, bool Writes = false)
{
    public bool NeedsMemory => Parameters.Any(p => p.Passing == Passing.View);
}

/// <summary>Calls of helpers and members of structs.</summary>
static class Calls
{
    /// <summary>Code that runs more often calls nothing: helpers have loops.</summary>
    const int MaxTrips = 20;

    /// <summary>A call with a result of the type; null if there is no function for it in scope.</summary>
    public static Node? Value(Body b, Scalar type, int depth)
    {
        if (b.Trips > MaxTrips) return null;
        if ((type is Scalar.Int or Scalar.UInt) && b.Structs.Count > 0 && b.Chance(0.4))
        {
            var s = b.Pick(b.Structs);
            return type == Scalar.Int
                ? Expressions.Make(type, 31, "struct-mutating-call", $"{s.Name}.Step($0)", Expressions.Of(b, Scalar.Int, depth - 1))
                : b.Chance(0.4) ? Expressions.Make(type, 31, "property-get", $"{s.Name}.Code")
                : Expressions.Make(type, 31, "struct-call", $"{s.Name}.Peek($0)", Expressions.Of(b, Scalar.UInt, depth - 1));
        }
        if (type is Scalar.Int && b.Chance(0.15) && Places.Struct(b, "Pair", write: true) is { } element)
            return Expressions.Make(type, 31, "element-mutating-call", "$0.Step($1)", element, Expressions.Of(b, Scalar.Int, depth - 1));
        var found = b.Helpers.Where(h => h.Result == type).ToList();
        if (found.Count > 0 && b.Chance(0.6)) return Of(b, b.Pick(found), depth);
        // The result of another, converted; the functions nearest to here twice as likely.
        found = [.. b.Helpers.Where(h => h.Result != Scalar.Bool)];
        return type == Scalar.Bool || found.Count == 0 || Of(b, found[Math.Max(b.Random.Next(found.Count), b.Random.Next(found.Count))], depth) is not { } call
            ? null : Expressions.Make(type, type.Bits(), "call-converted", $"({type.Word()})$0", call);
    }

    /// <summary>Null if there is nothing that can be passed.</summary>
    public static Node? Of(Body b, Helper helper, int depth)
    {
        if (b.Trips > MaxTrips) return null;
        var arguments = helper.Parameters.Select(p => Argument(b, helper, p, depth)).ToArray();
        if (arguments.Any(a => a is null)) return null;
        string kind = helper.Parameters.Select(p => p.Passing).FirstOrDefault(p => p != Passing.Value) switch
        {
            Passing.Ref => "call-ref",
            Passing.Out => "call-out",
            Passing.In => "call-in",
            Passing.View => "call-view",
            _ => helper.Name.StartsWith("Local", StringComparison.Ordinal) ? "call-local-function" : "call",
        };
        return Expressions.Make(helper.Result, helper.Result.Bits(), kind, $"{helper.Name}({string.Join(", ", arguments.Select((_, k) => $"${k}"))})", arguments!);
    }

    static Node? Argument(Body b, Helper helper, Parameter parameter, int depth)
    {
        switch (parameter.Passing)
        {
            case Passing.Value when parameter.Element is null: return Expressions.Of(b, parameter.Type, depth - 1);
            case Passing.Ref or Passing.Out:
                var place = Places.Referable(b, parameter.Type);
                return place is null ? null : new($"{parameter.Passing.ToString().ToLowerInvariant()}-{place.Kind}", $"{parameter.Passing.ToString().ToLowerInvariant()} $0", place);
            case Passing.View:
                if (b.Prefer(b.Memory.Where(m => m.Element == parameter.Element && (m.Whole && (m.Writes.Length > 0 || !helper.Writes) || m.Own is not null))) is not { } view) return null;
                return view.Own is var (start, length) ? new($"pass-{view.Space}-sub-view", $"{view.Name}.SubView({start}, {length})") : new($"pass-{view.Space}-view", view.Name);
            default:
                var variables = b.Structs.Where(s => s.Type.Name == parameter.Element).ToList();
                string prefix = parameter.Passing == Passing.In ? "in " : "";
                if (variables.Count > 0 && b.Chance(0.6)) return new("pass-struct", prefix + b.Pick(variables).Name);
                var element = Places.Struct(b, parameter.Element!, write: false);
                return element is null ? null : new("pass-struct-element", prefix + "$0", element);
        }
    }
}
