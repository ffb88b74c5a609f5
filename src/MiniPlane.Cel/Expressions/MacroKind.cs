namespace MiniPlane.Cel.Expressions;

/// <summary>The macros that go over a list or a map.</summary>
internal enum MacroKind
{
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    TransformMap,
    TransformMapEntry,
    SortBy,
}
