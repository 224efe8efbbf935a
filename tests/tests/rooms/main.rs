use std::path::Path;
mod imports;
#[test]
fn show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in ["codegen", "runtime", "xtask"] {
        let read = imports::Crate::read(&root.join(name).join("src"));
        let imports = read.imports();
        println!("== {name}");
        for c in imports::circles(&imports) { println!("{c:?}"); 
            for m in &c { let k: Vec<String> = m.split('/').filter(|s| !s.is_empty()).map(str::to_owned).collect(); println!("      {m} -> {:?}", imports[&k].iter().map(|x| x.join("/")).filter(|x| c.contains(x)).collect::<Vec<_>>()); }
        }
    }
}
