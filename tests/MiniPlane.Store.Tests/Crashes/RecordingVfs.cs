using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>
/// SQLite's own file layer, with every write, truncation, sync and removal of the files in one directory noted down. It is a copy of
/// the default VFS in which the few functions that change files are replaced by ones that note the call and pass it on, so SQLite does
/// on the real disk exactly what it always does. See https://www.sqlite.org/vfs.html and sqlite3.h for the structures.
/// </summary>
internal static unsafe partial class RecordingVfs
{
    // Fields of sqlite3_vfs, counted in pointers (the first three ints and the padding take two).
    private const int VfsFields = 21;
    private const int Next = 2;
    private const int Name = 3;
    private const int Open = 5;
    private const int Delete = 6;

    // Fields of sqlite3_io_methods; the first is the version.
    private const int MethodFields = 19;
    private const int WriteMethod = 3;
    private const int TruncateMethod = 4;
    private const int SyncMethod = 5;

    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<nint, string> Files = new();
    private static readonly Dictionary<nint, nint> Patched = [];
    private static volatile Recording? _recording;
    private static nint* _original;
    private static nint* _methods;
    private static nint* _copy;

    /// <summary>Notes down what happens to files in this directory, until the result is disposed. One at a time.</summary>
    public static IDisposable Start(string directory, DiskLog log)
    {
        lock (Gate)
        {
            if (_copy is null)
            {
                SQLitePCL.Batteries_V2.Init();
                _original = (nint*)Find(null);
                _copy = (nint*)NativeMemory.AllocZeroed(VfsFields, (nuint)sizeof(nint));
                NativeMemory.Copy(_original, _copy, VfsFields * (nuint)sizeof(nint));
                _copy[Next] = 0;
                _copy[Name] = Marshal.StringToCoTaskMemUTF8("recording");
                _copy[Open] = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nint, int, int*, int>)&OnOpen;
                _copy[Delete] = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, int>)&OnDelete;
            }

            Assert.Equal(0, Register((nint)_copy, 1));
            _recording = new Recording(directory, log);
            return _recording;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(nint vfs, byte* name, nint file, int flags, int* outFlags)
    {
        int code = ((delegate* unmanaged[Cdecl]<nint, byte*, nint, int, int*, int>)_original[Open])(vfs, name, file, flags, outFlags);
        if (code == 0 && name is not null && Marshal.PtrToStringUTF8((nint)name) is { } path && Wants(path))
        {
            Files[file] = Path.GetFileName(path);
            *(nint*)file = Patch(*(nint*)file);
        }

        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(nint vfs, byte* name, int isDirectorySynced)
    {
        if (Marshal.PtrToStringUTF8((nint)name) is { } path && Wants(path))
        {
            _recording?.Log.Remove(Path.GetFileName(path), isDirectorySynced != 0);
        }

        return ((delegate* unmanaged[Cdecl]<nint, byte*, int, int>)_original[Delete])(vfs, name, isDirectorySynced);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(nint file, byte* bytes, int length, long offset)
    {
        if (Files.TryGetValue(file, out string? name))
        {
            _recording?.Log.Write(name, offset, new ReadOnlySpan<byte>(bytes, length));
        }

        return ((delegate* unmanaged[Cdecl]<nint, byte*, int, long, int>)_methods[WriteMethod])(file, bytes, length, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTruncate(nint file, long length)
    {
        if (Files.TryGetValue(file, out string? name))
        {
            _recording?.Log.Truncate(name, length);
        }

        return ((delegate* unmanaged[Cdecl]<nint, long, int>)_methods[TruncateMethod])(file, length);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(nint file, int flags)
    {
        int code = ((delegate* unmanaged[Cdecl]<nint, int, int>)_methods[SyncMethod])(file, flags);
        if (code == 0 && Files.TryGetValue(file, out string? name))
        {
            _recording?.Log.Sync(name);
        }

        return code;
    }

    private static bool Wants(string path) => _recording is { } recording && Path.GetDirectoryName(path) == recording.Directory;

    /// <summary>The methods of a file with those that change it replaced. Write, truncate and sync are the same for all local files.</summary>
    private static nint Patch(nint methods)
    {
        lock (Gate)
        {
            if (!Patched.TryGetValue(methods, out nint patched))
            {
                _methods = (nint*)methods;
                nint* copy = (nint*)NativeMemory.Alloc(MethodFields, (nuint)sizeof(nint));
                NativeMemory.Copy(_methods, copy, MethodFields * (nuint)sizeof(nint));
                copy[WriteMethod] = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, long, int>)&OnWrite;
                copy[TruncateMethod] = (nint)(delegate* unmanaged[Cdecl]<nint, long, int>)&OnTruncate;
                copy[SyncMethod] = (nint)(delegate* unmanaged[Cdecl]<nint, int, int>)&OnSync;
                Patched[methods] = patched = (nint)copy;
                Patched[patched] = patched;
            }

            return patched;
        }
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint Find(string? name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int Register(nint vfs, int isDefault);

    private sealed class Recording(string directory, DiskLog log) : IDisposable
    {
        public string Directory => directory;

        public DiskLog Log => log;

        public void Dispose()
        {
            _recording = null;
            _ = Register((nint)_original, 1);
        }
    }
}
